/** What viewer and studio ask the server for. */
import { csrfToken } from '../app/csrf.js';
import { say } from './wording.js';

/** The server did not do what it was asked. The message is a sentence for the person. */
export class Unanswered extends Error {}

/** What was last read from or saved to an address: saving tells it, so that nobody is overwritten. */
const etags = new Map();

/** The text at `url`. */
export async function readText(url) {
  const answer = await ask(url, { headers: { Accept: 'application/xml, text/xml' } });
  remember(url, answer);
  return answer.text();
}

/** The JSON at `url`. */
export async function readJson(url) {
  return (await ask(url, { headers: { Accept: 'application/json' } })).json();
}

/** Send a diagram and return the JSON answer; null when the answer is empty. */
export async function sendDiagram(url, xml) {
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/xml; charset=utf-8',
    'X-CSRFToken': csrfToken(),
  };
  if (etags.has(url)) headers['If-Match'] = etags.get(url);
  const answer = await ask(url, { method: 'POST', body: xml, headers });
  remember(url, answer);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

function remember(url, answer) {
  const etag = answer.headers.get('ETag');
  if (etag) etags.set(url, etag);
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { redirect: 'manual', ...options });
  } catch {
    throw new Unanswered(say('unreachable'));
  }
  if (answer.type === 'opaqueredirect' || answer.status === 401) throw new Unanswered(say('signedOut'));
  if (!answer.ok) throw new Unanswered(await reasonOf(answer));
  return answer;
}

/** The detail of a problem document, else the status. */
async function reasonOf(answer) {
  const isProblem = answer.headers.get('Content-Type')?.includes('json');
  const problem = isProblem ? await answer.json().catch(() => ({})) : {};
  return problem.detail ?? problem.title ?? say('refused', { status: answer.status });
}
