/**
 * Let the diagram tools run under `style-src 'self'`.
 *
 * Three things in them write styles into the markup, which the policy blocks. Each is rewritten while
 * bundling, and the build fails when a new version no longer looks as expected.
 */
export function strictStyles() {
  return {
    name: 'strict-styles',
    transform(code, id) {
      const rewrite = REWRITES.find(({ file }) => file.test(id));
      if (!rewrite) return null;
      const rewritten = rewrite.by(code);
      if (rewritten === code) this.error(`${id} no longer has the styles that build/stylesheets.js rewrites`);
      return { code: rewritten, map: null };
    },
  };
}

const REWRITES = [
  // CodeMirror uses constructed style sheets, which are allowed, in shadow roots only.
  {
    file: /node_modules[\\/]style-mod[\\/]/,
    by: (code) => code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets'),
  },
  // studio.css gives the panel its height.
  {
    file: /node_modules[\\/]bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js/,
    by: (code) => code.replace('<div style="height: 100%" ', '<div '),
  },
  // Icons: what stands in `style` may as well be attributes.
  {
    file: /node_modules[\\/]bpmn-js[\\/].*(Align|Distribute)ElementsIcons\.js/,
    by: (code) => code.replace(/ style="([^"]*)"/g, (_, style) => attributes(style)),
  },
];

function attributes(style) {
  const declarations = style.split(';').filter(Boolean).map((text) => text.split(':'));
  return declarations.map(([ name, value ]) => ` ${name.trim()}="${value.trim()}"`).join('');
}
