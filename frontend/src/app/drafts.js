/**
 * Keep what a person types, before they submit it.
 *
 *     <form data-draft-url="/tasks/…/draft"> … <p data-draft-status role="status"></p> </form>
 *
 * The fields are posted as they would be submitted, 1.5 s after the last change. A form whose fields
 * are all kept announces `draft:kept`, which the guard against loss listens to.
 */
import { csrfToken } from './csrf.js';
import { say, timeOfDay } from './wording.js';

const QUIET_MS = 1500;
const AGAIN_MS = 15000;
const waiting = new WeakMap();

export function saveDrafts(root) {
  root.addEventListener('input', (event) => {
    const form = event.target.closest?.('form[data-draft-url]');
    if (form) schedule(form, QUIET_MS);
  });
  root.addEventListener('submit', (event) => clearTimeout(waiting.get(event.target)));
}

function schedule(form, delay) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => save(form), delay));
}

async function save(form) {
  if (!form.isConnected) return;
  tell(form, say('draftSaving'));
  const fields = typed(form);
  const answer = await post(form.dataset.draftUrl, fields);
  if (answer?.ok) {
    if (sameFields(fields, typed(form))) form.dispatchEvent(new CustomEvent('draft:kept', { bubbles: true }));
    tell(form, say('draftSaved', { time: timeOfDay(new Date()) }));
    return;
  }
  tell(form, say(isSignedOut(answer) ? 'draftSignedOut' : 'draftLater'));
  schedule(form, AGAIN_MS);
}

/** What was typed and chosen; files are sent with the form itself. */
function typed(form) {
  const fields = new FormData(form);
  for (const [ name, value ] of [ ...fields ]) {
    if (typeof value === 'string') continue;
    const texts = fields.getAll(name).filter((each) => typeof each === 'string');
    fields.delete(name);
    texts.forEach((text) => fields.append(name, text));
  }
  return fields;
}

async function post(url, body) {
  const headers = { 'X-CSRFToken': csrfToken(), 'X-Requested-With': 'fetch' };
  try {
    return await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
  } catch {
    return null;
  }
}

function isSignedOut(answer) {
  return answer && (answer.type === 'opaqueredirect' || answer.status === 401);
}

function sameFields(before, after) {
  const text = (fields) => JSON.stringify([ ...fields ].map(([ name, value ]) => [ name, value ]));
  return text(before) === text(after);
}

function tell(form, sentence) {
  const status = form.querySelector('[data-draft-status]');
  if (status) status.textContent = sentence;
}
