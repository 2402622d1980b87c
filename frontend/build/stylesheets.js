/**
 * Let CodeMirror style its editors under `style-src 'self'`.
 *
 * It writes a <style> element into documents, which the policy blocks, and uses constructed style
 * sheets, which the policy allows, in shadow roots only. This makes it use them everywhere.
 */
export function constructedStyleSheets() {
  const condition = '!root.head && root.adoptedStyleSheets';
  return {
    name: 'constructed-style-sheets',
    transform(code, id) {
      if (!/node_modules[\\/]style-mod[\\/]/.test(id)) return null;
      if (!code.includes(condition)) {
        this.error('style-mod no longer chooses its style sheets as expected: adapt build/stylesheets.js');
      }
      return { code: code.replace(condition, 'root.adoptedStyleSheets'), map: null };
    },
  };
}
