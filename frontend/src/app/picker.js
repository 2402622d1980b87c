/**
 * Search in a long list of tags.
 *
 *     <fieldset data-picker> <div data-picker-chosen></div>
 *       <details> <div data-picker-list data-picker-label="Suche: Sprachen"> checkboxes </div> </details> </fieldset>
 *
 * Without this the list unfolds and is read through. With it a field above the list narrows it to
 * the names that contain what was typed, and Enter ticks the only one that is left.
 */
import { say } from './wording.js';

export function searchInPickers(root) {
  root.addEventListener('toggle', (event) => {
    const list = event.target.querySelector?.(':scope > [data-picker-list]');
    if (list && event.target.open && !list.previousElementSibling?.matches('[data-picker-search]')) addSearch(list);
  }, true);
}

function addSearch(list) {
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'kern-form-input__input';
  field.autocomplete = 'off';
  field.dataset.pickerSearch = '';
  field.setAttribute('aria-label', list.dataset.pickerLabel);
  field.placeholder = say('search');
  const found = document.createElement('p');
  found.className = 'kern-hint';
  found.setAttribute('role', 'status');
  for (const happening of [ 'input', 'change' ]) {
    field.addEventListener(happening, (event) => {
      event.stopPropagation();
      narrow(list, field.value, found);
    });
  }
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const left = options(list).filter((option) => !option.hidden);
    if (left.length === 1) left[0].querySelector('input').click();
  });
  list.before(field, found);
}

function options(list) {
  return [ ...list.children ];
}

function narrow(list, text, found) {
  const wanted = text.trim().toLocaleLowerCase();
  let count = 0;
  for (const option of options(list)) {
    option.hidden = !option.textContent.toLocaleLowerCase().includes(wanted);
    if (!option.hidden) count += 1;
  }
  found.textContent = wanted ? say('found', { count }) : '';
}
