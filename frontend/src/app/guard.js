/**
 * Ask before a page with unsaved input is left.
 *
 *     <form data-guard> … </form>
 *
 * Forms with `data-draft-url` are guarded too, as long as their draft is not kept.
 */
const GUARDED = 'form[data-guard], form[data-draft-url]';
const unsaved = new Set();

export function guardAgainstLoss(view) {
  const root = view.document;
  root.addEventListener('input', (event) => {
    const form = event.target.closest?.(GUARDED);
    if (form) unsaved.add(form);
  });
  for (const settled of [ 'submit', 'reset', 'draft:kept' ]) {
    root.addEventListener(settled, (event) => unsaved.delete(event.target));
  }
  view.addEventListener('beforeunload', (event) => {
    if ([ ...unsaved ].some((form) => form.isConnected)) event.preventDefault();
  });
}
