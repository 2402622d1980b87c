/** All elements as a list of buttons: the way into the diagram for people without a mouse. */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { say } from '../diagram/wording.js';
import { goTo } from './goto.js';

/** Keep `list` equal to the diagram. */
export function keepOutline(list, modeler) {
  const refresh = () => list.replaceChildren(...listed(modeler).map((element) => item(element, modeler)));
  modeler.on([ 'import.done', 'elements.changed', 'commandStack.changed' ], refresh);
  modeler.on('selection.changed', ({ newSelection }) => markSelected(list, newSelection));
  refresh();
}

/** What a person calls this element: its kind and its name. */
export function nameOf(element, translate) {
  const { $type, name } = getBusinessObject(element);
  const kind = $type.replace('bpmn:', '').replace(/(?<=[a-z])([A-Z])/g, ' $1');
  return `${translate(kind)}: ${name || say('unnamed')}`;
}

function listed(modeler) {
  const shown = (element) => is(element, 'bpmn:FlowNode') || is(element, 'bpmn:Lane') || isNamedFlow(element);
  return modeler.get('elementRegistry')
    .filter((element) => element.parent && !element.labelTarget && shown(element))
    .sort((one, other) => place(one).x - place(other).x || place(one).y - place(other).y);
}

/** Where a shape stands, or where a connection begins. */
function place(element) {
  return element.waypoints?.[0] ?? element;
}

function isNamedFlow(element) {
  return is(element, 'bpmn:SequenceFlow') && Boolean(getBusinessObject(element).name);
}

function item(element, modeler) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'hs-studio-link';
  button.dataset.element = element.id;
  button.textContent = nameOf(element, modeler.get('translate'));
  button.addEventListener('click', () => goTo(modeler, element.id));
  const entry = document.createElement('li');
  entry.append(button);
  return entry;
}

function markSelected(list, selection) {
  const selected = new Set(selection.map((element) => element.id));
  for (const button of list.querySelectorAll('[data-element]')) {
    button.toggleAttribute('aria-current', selected.has(button.dataset.element));
  }
}
