/** The enhancements of every page. Each page works without them; with them it is quicker and safer. */
import './styles/index.css';
import htmx from 'htmx.org';
import { askForHalves } from './halves.js';
import { guardAgainstLoss } from './guard.js';
import { openDialogs } from './dialogs.js';
import { saveDrafts } from './drafts.js';
import { searchInPickers } from './picker.js';
import { sendCsrfToken } from './csrf.js';
import { switchTheme } from './theme.js';
import { toggleNavigation } from './navigation.js';

document.documentElement.dataset.enhanced = '';
window.htmx = htmx;
sendCsrfToken(document);
toggleNavigation(document);
switchTheme(document);
openDialogs(document);
askForHalves(document);
guardAgainstLoss(window);
saveDrafts(document);
searchInPickers(document);
