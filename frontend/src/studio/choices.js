/**
 * Dropdowns in the properties panel: a form, a decision, a process, a handler is chosen, not typed.
 *
 * The file keeps the dialect's own attributes; only the way to set them differs.
 */
import { Group, SelectEntry, isSelectEntryEdited } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { say } from '../diagram/wording.js';
import { extension, setExtension } from './extensions.js';

const FORM = choice('form', 'form', 'forms', 'zeebe:FormDefinition', 'formId');
const DECISION = choice('calledDecision', 'decision', 'decisions', 'zeebe:CalledDecision', 'decisionId');
const PROCESS = choice('calledProcess', 'process', 'processes', 'zeebe:CalledElement', 'processId');
const HANDLER = choice('taskDefinitionType', 'handler', 'handlers', 'zeebe:TaskDefinition', 'type');

/** The entries of a stock group, with a dropdown where the stock entry is a text field. */
export function ownEntries(group, element, injector) {
  const entry = (chosen) => ({ id: chosen.id, element, component: chosen.component, isEdited: isSelectEntryEdited });
  if (group.id === 'form') return { ...group, entries: [ entry(FORM) ] };
  if (group.id === 'calledElement') return { ...group, entries: [ entry(PROCESS) ] };
  if (group.id === 'calledDecision') return { ...group, entries: [ entry(DECISION), ...group.entries ] };
  const hasHandlers = injector.get('choices').handlers?.length;
  if (group.id === 'taskDefinition' && hasHandlers) return { ...group, entries: [ entry(HANDLER) ] };
  return group;
}

/** A rule task can always be given its decision, also when the file names none yet. */
export function ownGroups(groups, element, injector) {
  if (!is(element, 'bpmn:BusinessRuleTask') || groups.some((group) => group.id === 'calledDecision')) return groups;
  const label = injector.get('translate')('Called decision');
  return [ ...groups, { id: 'calledDecision', label, component: Group, entries: [] } ];
}

function choice(id, label, list, type, property) {
  function Choice({ element }) {
    const modeling = useService('modeling');
    const factory = useService('bpmnFactory');
    const offered = useService('choices')[list] ?? [];
    const chosen = () => extension(element, type)?.get(property) ?? '';
    return SelectEntry({
      element,
      id,
      label: say(label),
      getOptions: () => options(offered, chosen()),
      getValue: chosen,
      setValue: (value) => setExtension({ modeling, factory, element, type }, { [property]: value || undefined }),
    });
  }
  return { id, component: Choice };
}

/** What is offered; an id in the file that is not offered stays visible as what it is. */
function options(offered, chosen) {
  const known = offered.map(({ id, name }) => ({ value: id, label: name || id }));
  const isUnknown = chosen && !known.some(({ value }) => value === chosen);
  const unknown = isUnknown ? [ { value: chosen, label: say('unknown', { id: chosen }) } ] : [];
  return [ { value: '', label: say('choose') }, ...unknown, ...known ];
}
