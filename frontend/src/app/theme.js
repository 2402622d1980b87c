/**
 * Light, dark, or as the device says.
 *
 *     <select data-theme-select> <option value="auto|light|dark"> … </select>
 *
 * The choice is a cookie, so the server renders <html data-kern-theme="…"> and no page flashes.
 */
const COOKIE = 'handschlag_theme';
const ONE_YEAR = 365 * 24 * 3600;

export function switchTheme(root) {
  root.addEventListener('change', (event) => {
    if (!event.target.matches?.('[data-theme-select]')) return;
    choose(event.target.value);
  });
}

function choose(theme) {
  const page = document.documentElement;
  if (theme === 'auto') page.removeAttribute('data-kern-theme');
  else page.setAttribute('data-kern-theme', theme);
  const age = theme === 'auto' ? 0 : ONE_YEAR;
  document.cookie = `${COOKIE}=${theme}; path=/; max-age=${age}; samesite=lax`;
}
