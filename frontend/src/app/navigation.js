/**
 * Fold the navigation away on narrow screens.
 *
 *     <button data-nav-toggle aria-controls="main-nav" aria-expanded="false"> … </button>
 *     <ul id="main-nav"> … </ul>
 */
export function toggleNavigation(root) {
  root.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-nav-toggle]');
    if (button) unfold(button, button.getAttribute('aria-expanded') !== 'true');
  });
  root.addEventListener('keydown', (event) => {
    const open = root.querySelector('[data-nav-toggle][aria-expanded="true"]');
    if (event.key !== 'Escape' || !open) return;
    unfold(open, false);
    open.focus();
  });
}

function unfold(button, open) {
  button.setAttribute('aria-expanded', String(open));
}
