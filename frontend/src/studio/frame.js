/** The parts of the studio around the canvas. */
import { say } from '../diagram/wording.js';

/** Build the frame inside `place`; return its parts. */
export function buildFrame(place) {
  const parts = {
    toolbar: part('div', 'hs-studio-toolbar'),
    canvas: part('div', 'hs-studio-canvas'),
    panel: part('aside', 'hs-studio-panel'),
    status: part('p', 'hs-studio-status'),
    findings: part('ul', 'hs-findings'),
    outline: part('ul', 'hs-outline'),
  };
  parts.status.setAttribute('role', 'status');
  parts.panel.setAttribute('aria-label', say('properties'));
  const desk = part('div', 'hs-studio-desk');
  desk.append(parts.canvas, parts.panel);
  const bar = part('div', 'hs-studio-bar');
  bar.append(parts.toolbar, parts.status);
  place.replaceChildren(bar, desk, folded('findings', parts.findings, true), folded('elements', parts.outline, false));
  return parts;
}

/** A button of the toolbar. */
export function addButton(toolbar, key, act, look = 'kern-btn--secondary') {
  const button = part('button', `kern-btn ${look}`);
  button.type = 'button';
  const label = part('span', 'kern-label');
  label.textContent = say(key);
  button.append(label);
  button.addEventListener('click', act);
  toolbar.append(button);
  return button;
}

function folded(key, content, open) {
  const details = part('details', 'hs-studio-fold');
  details.open = open;
  const summary = part('summary', '');
  summary.textContent = say(key);
  details.append(summary, content);
  return details;
}

function part(tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
