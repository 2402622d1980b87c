/** Ways to see more or less of a diagram, for people without a wheel too. */
import { say } from './wording.js';

const STEP = 1.25;
const EDGE = { top: 56, right: 24, bottom: 24, left: 24 };
const FIT = 'M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5';
const IN = 'M12 5v14 M5 12h14';
const OUT = 'M5 12h14';

/** Put the three buttons into the corner of `place`. */
export function addZoomButtons(place, canvas, edge = {}) {
  const toolbar = document.createElement('div');
  toolbar.className = 'hs-diagram-toolbar';
  toolbar.append(
    button('zoomIn', IN, () => canvas.zoom(canvas.zoom() * STEP)),
    button('zoomOut', OUT, () => canvas.zoom(canvas.zoom() / STEP)),
    button('fit', FIT, () => fit(canvas, edge)),
  );
  place.append(toolbar);
}

/** Show the whole diagram, at most in its own size, and leave the tools at the `edge` free; return the scale. */
export function fit(canvas, edge = {}) {
  const { top, right, bottom, left } = { ...EDGE, ...edge };
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - left - right;
  const height = outer.height - top - bottom;
  if (!inner.width || width <= 0 || height <= 0) return 1;
  const scale = Math.min(width / inner.width, height / inner.height, 1);
  const besides = Math.max(0, (width - inner.width * scale) / 2);
  canvas.viewbox({
    x: inner.x - (left + besides) / scale,
    y: inner.y - top / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
  return scale;
}

/** Show the surroundings of an element in a size that can be read. */
export function focusOn(canvas, element, scale) {
  const { outer } = canvas.viewbox();
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({
    x: element.x + element.width / 2 - width / 2,
    y: element.y + element.height / 2 - height / 2,
    width,
    height,
  });
}

function button(key, path, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'hs-diagram-tool';
  element.title = say(key);
  element.setAttribute('aria-label', say(key));
  element.append(icon(path));
  element.addEventListener('click', act);
  return element;
}

function icon(path) {
  const make = (tag, attributes) => {
    const part = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes).forEach(([ name, value ]) => part.setAttribute(name, value));
    return part;
  };
  const picture = make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  picture.append(make('path', { d: path, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 }));
  return picture;
}
