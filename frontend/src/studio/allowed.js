/**
 * What managers may draw and set: the dialect that the engine executes, and nothing else.
 *
 * The lists name what stays. What a newer version of the tools adds is hidden until it is listed here.
 */

const ACTIVITIES = [
  'user-task', 'service-task', 'send-task', 'receive-task', 'rule-task', 'script-task',
  'call-activity', 'expanded-subprocess', 'event-subprocess',
];
const GATEWAYS = [ 'exclusive-gateway', 'inclusive-gateway', 'parallel-gateway', 'event-based-gateway' ];
const EVENTS = [
  'none-start-event', 'none-end-event', 'none-intermediate-throwing',
  'message-start',
  'message-end', 'error-end', 'escalation-end', 'signal-end', 'terminate-end',
  'message-intermediate-catch', 'timer-intermediate-catch', 'signal-intermediate-catch', 'link-intermediate-catch',
  'message-intermediate-throw', 'escalation-intermediate-throw', 'signal-intermediate-throw', 'link-intermediate-throw',
  'message-boundary', 'non-interrupting-message-boundary',
  'timer-boundary', 'non-interrupting-timer-boundary',
  'signal-boundary', 'non-interrupting-signal-boundary',
  'escalation-boundary', 'non-interrupting-escalation-boundary', 'error-boundary',
];
/** What starts an event sub-process, and nothing else. */
const EVENT_SUBPROCESS_STARTS = [
  'timer-start', 'non-interrupting-timer-start', 'signal-start', 'non-interrupting-signal-start',
  'escalation-start', 'non-interrupting-escalation-start', 'error-start', 'non-interrupting-message-start',
];

/** What may be drawn, by the names of the tools' own catalogue. */
export const ELEMENTS = [ ...ACTIVITIES, ...GATEWAYS, ...EVENTS, ...EVENT_SUBPROCESS_STARTS ];

/** The menu "change" has names of its own for some of them. */
const OTHER_NAMES = [ 'none-start', 'none-end', 'none-intermediate-throw', 'subprocess' ];
const FLOWS = [ 'sequence-flow', 'default-flow' ];
const KINDS = [ ...ACTIVITIES, ...GATEWAYS, ...EVENTS, ...OTHER_NAMES, ...FLOWS ];

/** Entries of the menus "create", "append" and "change". */
export const MENU = entries(KINDS);

/** Entries of the menus for the start of an event sub-process only. */
export const EVENT_SUBPROCESS_MENU = entries(EVENT_SUBPROCESS_STARTS);


/** Switches in the head of the menu "change". */
export const MENU_HEADER = new Set([ 'toggle-parallel-mi', 'toggle-sequential-mi', 'toggle-non-interrupting' ]);

/** Only ways out of these are chosen by a condition. */
export const CHOICES = [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:Activity' ];

/** Tools at the edge of the canvas. */
export const PALETTE = new Set([
  'hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator',
  'create.start-event', 'create.end-event', 'create.exclusive-gateway', 'create.participant-expanded', 'create',
]);

/** Tools at a selected element. */
export const CONTEXT_PAD = new Set([
  'append', 'append.end-event', 'append.gateway', 'append.text-annotation', 'connect', 'delete', 'replace',
  'lane-insert-above', 'lane-insert-below', 'lane-divide-two', 'lane-divide-three', 'align-elements', 'distribute',
]);

/** Groups of the properties panel and their entries; ALL for lists that the person fills. */
export const ALL = Symbol('all entries');
export const PANEL = {
  general: [ 'name', 'id', 'processId', 'processName' ],
  documentation: [ 'documentation', 'elementDocumentation', 'processDocumentation' ],
  form: [ 'form' ],
  assignmentDefinition: [
    'assignmentDefinitionAssignee', 'assignmentDefinitionCandidateGroups', 'assignmentDefinitionCandidateUsers',
    'taskScheduleDueDate', 'taskScheduleFollowUpDate', 'priorityDefinitionPriority',
  ],
  candidateGroups: ALL,
  taskDefinition: [ 'taskDefinitionType' ],
  headers: ALL,
  calledElement: [ 'calledProcess' ],
  calledDecision: [ 'calledDecision', 'resultVariable' ],
  script: [ 'scriptExpression', 'scriptResultVariable', 'expression', 'resultVariable', 'expressionResultVariable' ],
  condition: [ 'conditionExpression' ],
  timer: [ 'timerEventDefinitionType', 'timerEventDefinitionValue' ],
  message: [ 'messageRef', 'messageName', 'messageSubscriptionCorrelationKey' ],
  signal: [ 'signalRef', 'signalName' ],
  link: [ 'linkName' ],
  error: [ 'errorRef', 'errorName', 'errorCode' ],
  escalation: [ 'escalationRef', 'escalationName', 'escalationCode' ],
  multiInstance: [
    'multiInstance-inputCollection', 'multiInstance-inputElement',
    'multiInstance-outputCollection', 'multiInstance-outputElement', 'completionCondition',
    'multiInstance-completionCondition',
  ],
  inputPropagation: [ 'propagateAllParentVariables' ],
  inputs: ALL,
  outputPropagation: [ 'propagateAllChildVariables' ],
  outputs: ALL,
};

function entries(kinds) {
  return new Set([ '', 'create-', 'append-', 'replace-with-' ].flatMap((verb) => kinds.map((kind) => verb + kind)));
}
