/**
 * The groups that may take a task, as boxes to tick instead of a list of codes.
 *
 * The file keeps the comma-separated codes. Where they are an expression, the stock field stays.
 */
import { CheckboxEntry, Group, isCheckboxEntryEdited } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { say } from '../diagram/wording.js';
import { extension, setExtension } from './extensions.js';

const TYPE = 'zeebe:AssignmentDefinition';
const STOCK_ENTRY = 'assignmentDefinitionCandidateGroups';
const STOCK_GROUP = 'assignmentDefinition';

/** The panel's groups with the boxes after the assignment, for a task whose groups are codes. */
export function withGroupBoxes(groups, element, injector) {
  const offered = injector.get('choices').groups ?? [];
  const place = groups.findIndex((group) => group.id === STOCK_GROUP);
  if (!is(element, 'bpmn:UserTask') || place < 0 || !offered.length || isExpression(element)) return groups;
  const stock = groups[place];
  const entries = stock.entries.filter((entry) => entry.id !== STOCK_ENTRY);
  const boxes = { id: 'candidateGroups', label: say('groups'), component: Group, entries: offered.map((group) => box(group, element)) };
  return groups.toSpliced(place, 1, { ...stock, entries }, boxes);
}

function box({ id, name }, element) {
  return { id: `candidateGroup-${id}`, element, code: id, label: name, component: GroupBox, isEdited: isCheckboxEntryEdited };
}

function GroupBox({ element, id, code, label }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  return CheckboxEntry({
    element,
    id,
    label,
    getValue: () => codes(element).includes(code),
    setValue: (ticked) => {
      const others = codes(element).filter((other) => other !== code);
      const chosen = ticked ? [ ...others, code ] : others;
      const properties = { candidateGroups: chosen.join(', ') || undefined };
      setExtension({ modeling, factory, element, type: TYPE }, properties);
    },
  });
}

function written(element) {
  return extension(element, TYPE)?.get('candidateGroups') ?? '';
}

function isExpression(element) {
  return written(element).startsWith('=');
}

function codes(element) {
  return written(element).split(',').map((code) => code.trim()).filter(Boolean);
}
