/** The token of this page, from <meta name="csrf-token">; empty where the page has none. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

/** Send the token with every htmx request. */
export function sendCsrfToken(root) {
  root.addEventListener('htmx:config:request', (event) => {
    event.detail.ctx.request.headers['X-CSRFToken'] = csrfToken();
  });
}
