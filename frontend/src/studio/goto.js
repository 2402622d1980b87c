/** Select an element and bring it into view; its properties show in the panel. */
export function goTo(modeler, id) {
  const element = modeler.get('elementRegistry').get(id);
  if (!element) return;
  modeler.get('canvas').scrollToElement(element, 80);
  modeler.get('selection').select(element);
}
