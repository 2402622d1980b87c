/**
 * Show process pictures.
 *
 *     <div class="hs-diagram" data-bpmn-viewer data-src="/…/process.bpmn"
 *          data-active="Task_call Task_write" data-passed="Start Triage" data-label="…"></div>
 *
 * `data-active` names the elements where the process waits, `data-passed` those it has been through;
 * both are separated by spaces or commas. `data-label` says in words what the picture shows.
 */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { readText } from '../diagram/server.js';
import { say } from '../diagram/wording.js';
import { translation } from '../diagram/translate.js';
import { addZoomButtons, fit, focusOn } from '../diagram/zoom.js';
import '../diagram/diagram.css';
import './viewer.css';

const READABLE = 0.85;

document.querySelectorAll('[data-bpmn-viewer]').forEach(show);
document.addEventListener('htmx:after:swap', () => document.querySelectorAll('[data-bpmn-viewer]').forEach(show));

async function show(place) {
  if (place.dataset.state) return;
  place.dataset.state = 'loading';
  const viewer = new NavigatedViewer({
    container: place,
    zoomScroll: { enabled: false },
    additionalModules: [ translation() ],
  });
  try {
    await viewer.importXML(await readText(place.dataset.src));
  } catch {
    viewer.destroy();
    fail(place);
    return;
  }
  present(place, viewer);
  place.dataset.state = 'ready';
}

function present(place, viewer) {
  const canvas = viewer.get('canvas');
  mark(viewer, idsOf(place.dataset.passed), 'hs-passed');
  const active = mark(viewer, idsOf(place.dataset.active), 'hs-active');
  active.forEach((element) => point(viewer, element));
  describe(place);
  addZoomButtons(place, canvas);
  viewer.on('root.set', () => lookAt(canvas, active));
  if (active.length) canvas.setRootElement(canvas.findRoot(active[0]));
  lookAt(canvas, active);
}

function idsOf(text = '') {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Mark the elements that this picture has, and the closed parts they are in; return the elements. */
function mark(viewer, ids, marker) {
  const registry = viewer.get('elementRegistry');
  const known = ids.map((id) => registry.get(id)).filter(Boolean);
  const canvas = viewer.get('canvas');
  for (const element of known) {
    [ element, ...closedPartsAround(element, viewer) ].forEach((part) => canvas.addMarker(part, marker));
  }
  return known;
}

/** A part of the process that is drawn on a page of its own stands as one shape on the page above. */
function closedPartsAround(element, viewer) {
  const registry = viewer.get('elementRegistry');
  const root = viewer.get('canvas').findRoot(element);
  const shape = root && registry.get(root.businessObject.id);
  return shape && shape !== root && shape.parent ? [ shape, ...closedPartsAround(shape, viewer) ] : [];
}

function point(viewer, element) {
  const sign = document.createElement('div');
  sign.className = 'hs-here';
  sign.textContent = say('here');
  viewer.get('overlays').add(element, { position: { top: -26, left: 0 }, html: sign });
}

/** The whole page when it can be read, else where the process is. */
function lookAt(canvas, active) {
  const here = active.find((element) => canvas.findRoot(element) === canvas.getRootElement());
  if (fit(canvas) < READABLE && here) focusOn(canvas, here, READABLE);
}

function describe(place) {
  const picture = place.querySelector('.djs-container > svg');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', place.dataset.label ?? '');
}

function fail(place) {
  place.dataset.state = 'failed';
  place.setAttribute('role', 'alert');
  place.textContent = say('unreadable');
}
