/** Reading and writing the extension elements of the dialect. */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

/** The extension element of this type, if the element has one. */
export function extension(element, type) {
  const holder = getBusinessObject(element).get('extensionElements');
  return holder?.get('values').find((value) => is(value, type));
}

/** Set properties of the extension element of this type; it is added where it is missing. */
export function setExtension({ modeling, factory, element, type }, properties) {
  const present = extension(element, type);
  if (present) {
    modeling.updateModdleProperties(element, present, properties);
    return;
  }
  const owner = getBusinessObject(element);
  const others = owner.get('extensionElements')?.get('values') ?? [];
  const holder = factory.create('bpmn:ExtensionElements', { values: [ ...others, factory.create(type, properties) ] });
  holder.$parent = owner;
  holder.get('values').forEach((value) => { value.$parent = holder; });
  modeling.updateModdleProperties(element, owner, { extensionElements: holder });
}
