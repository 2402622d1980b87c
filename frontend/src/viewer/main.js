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
import { addZoomButtons, fit } from '../diagram/zoom.js';
import '../diagram/diagram.css';
import './viewer.css';

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
  mark(viewer, idsOf(place.dataset.active), 'hs-active').forEach((id) => point(viewer, id));
  describe(place);
  addZoomButtons(place, canvas);
  fit(canvas);
}

function idsOf(text = '') {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Mark the elements that this picture has; return their ids. */
function mark(viewer, ids, marker) {
  const registry = viewer.get('elementRegistry');
  const known = ids.filter((id) => registry.get(id));
  known.forEach((id) => viewer.get('canvas').addMarker(id, marker));
  return known;
}

function point(viewer, id) {
  const sign = document.createElement('div');
  sign.className = 'hs-here';
  sign.textContent = say('here');
  viewer.get('overlays').add(id, { position: { top: -26, left: 0 }, html: sign });
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
