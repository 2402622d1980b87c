/** Buttons that zoom a diagram, for people without a wheel. */
import { say } from './wording.js';

const STEP = 1.25;

/** Put the three buttons into `toolbar`. */
export function addZoomButtons(toolbar, canvas) {
  toolbar.append(
    button('zoomIn', '+', () => canvas.zoom(canvas.zoom() * STEP)),
    button('zoomOut', '−', () => canvas.zoom(canvas.zoom() / STEP)),
    button('fit', '⤢', () => canvas.zoom('fit-viewport', 'auto')),
  );
}

function button(key, sign, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'hs-diagram-tool';
  element.title = say(key);
  element.setAttribute('aria-label', say(key));
  element.textContent = sign;
  element.addEventListener('click', act);
  return element;
}
