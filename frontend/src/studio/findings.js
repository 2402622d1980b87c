/** What the server's check found: a sign at the element, a list with the sentences. */
import { say } from '../diagram/wording.js';
import { goTo } from './goto.js';
import { nameOf } from './outline.js';

const OVERLAY = 'finding';

/** Show `findings` in the diagram and in `list`; return the sentence that counts them. */
export function showFindings(findings, list, modeler) {
  const overlays = modeler.get('overlays');
  overlays.remove({ type: OVERLAY });
  for (const [ id, sentences ] of byElement(findings)) sign(id, sentences, modeler);
  list.replaceChildren(...findings.map((finding) => item(finding, modeler)));
  return count(findings);
}

function count(findings) {
  if (!findings.length) return say('noFindings');
  const errors = findings.filter(isError).length;
  return say('counted', { errors, warnings: findings.length - errors });
}

function isError(finding) {
  return finding.severity === 'error';
}

function byElement(findings) {
  const grouped = new Map();
  for (const finding of findings) {
    grouped.set(finding.element, [ ...(grouped.get(finding.element) ?? []), finding ]);
  }
  return grouped;
}

function sign(id, findings, modeler) {
  const registry = modeler.get('elementRegistry');
  if (!registry.get(id)) return;
  const mark = document.createElement('button');
  mark.type = 'button';
  mark.className = `hs-finding-sign hs-finding-sign--${findings.some(isError) ? 'error' : 'warning'}`;
  mark.title = findings.map((finding) => finding.message).join('\n');
  mark.setAttribute('aria-label', mark.title);
  mark.textContent = '!';
  mark.addEventListener('click', () => goTo(modeler, id));
  modeler.get('overlays').add(id, OVERLAY, { position: { top: -12, right: 12 }, html: mark });
}

function item(finding, modeler) {
  const element = modeler.get('elementRegistry').get(finding.element);
  const entry = document.createElement('li');
  entry.className = `hs-finding hs-finding--${finding.severity}`;
  const kind = document.createElement('strong');
  kind.textContent = say(isError(finding) ? 'error' : 'warning');
  entry.append(kind, ' ', element ? link(element, modeler) : say('whole'), ' ', finding.message);
  return entry;
}

function link(element, modeler) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'hs-studio-link';
  button.textContent = nameOf(element, modeler.get('translate'));
  button.addEventListener('click', () => goTo(modeler, element.id));
  return button;
}
