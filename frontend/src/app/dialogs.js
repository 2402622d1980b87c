/**
 * Open and close <dialog> elements.
 *
 *     <button data-dialog-open="reassign"> … </button>
 *     <dialog id="reassign" class="kern-dialog"> … <button data-dialog-close> … </dialog>
 */
export function openDialogs(root) {
  root.addEventListener('click', (event) => {
    const opener = event.target.closest?.('[data-dialog-open]');
    if (opener) root.getElementById(opener.dataset.dialogOpen)?.showModal();
    if (event.target.closest?.('[data-dialog-close]')) event.target.closest('dialog')?.close();
  });
}
