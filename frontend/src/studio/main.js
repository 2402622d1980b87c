/**
 * Edit a process picture; see frontend/README.md for the markup and what the addresses answer.
 */
import { timeOfDay } from '../app/wording.js';
import { readJson, readText, sendDiagram } from '../diagram/server.js';
import { say } from '../diagram/wording.js';
import { addZoomButtons, fit } from '../diagram/zoom.js';
import { feelBuiltins } from './builtins.js';
import { showFindings } from './findings.js';
import { addButton, buildFrame } from './frame.js';
import { createModeler } from './modeler.js';
import { keepOutline } from './outline.js';
import '../diagram/diagram.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import './studio.css';

const QUIET_MS = 1500;
const PALETTE_EDGE = { left: 88 };

class Studio {
  constructor(place) {
    this.place = place;
    this.parts = buildFrame(place);
    this.saved = null;
    this.quiet = null;
  }

  async open() {
    const { src, choicesUrl } = this.place.dataset;
    const [ xml, choices ] = await Promise.all([ readText(src), choicesUrl ? readJson(choicesUrl) : {} ]);
    const missed = (text) => this.announce('studio:untranslated', text);
    this.modeler = createModeler({ ...this.parts, choices, missed });
    await this.modeler.importXML(xml);
    fit(this.modeler.get('canvas'), PALETTE_EDGE);
    this.furnish();
    await this.check();
  }

  furnish() {
    const { toolbar, canvas, outline } = this.parts;
    const stack = this.modeler.get('commandStack');
    if (this.place.dataset.saveUrl) addButton(toolbar, 'save', () => this.save(), 'kern-btn--primary');
    addButton(toolbar, 'check', () => this.check());
    addButton(toolbar, 'undo', () => stack.undo());
    addButton(toolbar, 'redo', () => stack.redo());
    addZoomButtons(canvas, this.modeler.get('canvas'), PALETTE_EDGE);
    keepOutline(outline, this.modeler);
    this.modeler.on('commandStack.changed', () => this.changed());
    window.addEventListener('beforeunload', (event) => { if (this.isUnsaved) event.preventDefault(); });
  }

  changed() {
    this.isUnsaved = true;
    this.tell(say('unsaved'));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.check(), QUIET_MS);
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  async check() {
    if (!this.place.dataset.checkUrl) return;
    clearTimeout(this.quiet);
    try {
      this.show(await sendDiagram(this.place.dataset.checkUrl, await this.xml()));
    } catch (error) {
      this.tell(say('notChecked', { reason: error.message }));
    }
  }

  async save() {
    clearTimeout(this.quiet);
    this.tell(say('saving'));
    this.isUnsaved = false;
    try {
      const findings = await sendDiagram(this.place.dataset.saveUrl, await this.xml());
      if (findings) this.show(findings);
      this.tell(say('saved', { time: timeOfDay(new Date()) }));
      this.announce('studio:saved');
    } catch (error) {
      this.isUnsaved = true;
      this.tell(say('notSaved', { reason: error.message }));
    }
  }

  show(findings) {
    const counted = showFindings(findings, this.parts.findings, this.modeler);
    this.tell(this.isUnsaved ? `${counted} ${say('unsaved')}` : counted);
  }

  tell(sentence) {
    this.parts.status.textContent = sentence;
  }

  announce(name, detail = null) {
    this.place.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

async function mount(place) {
  const studio = new Studio(place);
  place.dataset.state = 'loading';
  try {
    await studio.open();
    place.dataset.state = 'ready';
    studio.announce('studio:ready', { functions: feelBuiltins.map(({ name }) => name) });
  } catch (error) {
    place.dataset.state = 'failed';
    studio.tell(`${say('unreadable')} ${error.message}`);
  }
}

document.querySelectorAll('[data-bpmn-studio]').forEach(mount);
