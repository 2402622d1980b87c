/** Take out of menus, palette, context pad and properties panel what is not on the list. */
import { isEventSubProcess } from 'bpmn-js/lib/util/DiUtil';
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { ALL, CHOICES, CONTEXT_PAD, EVENT_SUBPROCESS_MENU, MENU, MENU_HEADER, PALETTE, PANEL } from './allowed.js';
import { ownEntries, ownGroups } from './choices.js';
import { withGroupBoxes } from './groups.js';

/** Providers with the lowest priority run last and see what all others offer. */
const LAST = 50;
const MENUS = [ 'bpmn-create', 'bpmn-append', 'bpmn-replace' ];
const ONE_WAY_MENU = new Set([ ...MENU ].filter((name) => name !== 'replace-with-default-flow'));
const START_MENU = new Set([ ...EVENT_SUBPROCESS_MENU, 'replace-with-message-start' ]);

function Reduce(palette, contextPad, popupMenu, propertiesPanel, injector) {
  const only = (names) => (entries) =>
    Object.fromEntries(Object.entries(entries).filter(([ name ]) => names.has(name)));
  palette.registerProvider(LAST, { getPaletteEntries: () => only(PALETTE) });
  contextPad.registerProvider(LAST, {
    getContextPadEntries: () => only(CONTEXT_PAD),
    getMultiElementContextPadEntries: () => only(CONTEXT_PAD),
  });
  for (const menu of MENUS) {
    popupMenu.registerProvider(menu, LAST, {
      getPopupMenuEntries: (element) => only(menuOf(element)),
      getPopupMenuHeaderEntries: () => only(MENU_HEADER),
    });
  }
  propertiesPanel.registerProvider(LAST, {
    getGroups: (element) => (groups) => {
      const ours = withGroupBoxes(ownGroups(groups, element, injector), element, injector);
      return reduceGroups(ours, element, injector);
    },
  });
}
Reduce.$inject = [ 'palette', 'contextPad', 'popupMenu', 'propertiesPanel', 'injector' ];

function reduceGroups(groups, element, injector) {
  const isJob = groups.some((group) => group.id === 'taskDefinition');
  return groups
    .filter((group) => Object.hasOwn(PANEL, group.id))
    .filter((group) => group.id !== 'headers' || isJob)
    .filter((group) => group.id !== 'condition' || !isOneWayOut(element))
    .map((group) => reduceEntries(ownEntries(group, element, injector)))
    .filter((group) => PANEL[group.id] === ALL || group.entries?.length);
}

function menuOf(element) {
  if (is(element, 'bpmn:StartEvent') && isEventSubProcess(element.parent)) return START_MENU;
  return isOneWayOut(element) ? ONE_WAY_MENU : MENU;
}

/** A flow that nothing chooses: what it leaves chooses no way. */
function isOneWayOut(element) {
  return Boolean(element.source) && !isAny(element.source, CHOICES);
}

function reduceEntries(group) {
  const names = PANEL[group.id];
  if (names === ALL) return group;
  return { ...group, entries: (group.entries ?? []).filter((entry) => names.includes(entry.id)) };
}

export default { __init__: [ 'reduce' ], reduce: [ 'type', Reduce ] };
