/**
 * Ask for the rest of a date or time that is half typed: browsers send it as nothing at all.
 *
 * Listens before everything else, so that a form that is not sent counts as unsaved.
 */
export function askForHalves(root) {
  root.addEventListener('submit', (event) => {
    const half = [ ...event.target.elements ].find((field) => field.validity?.badInput);
    if (!half) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half.reportValidity();
  }, true);
}
