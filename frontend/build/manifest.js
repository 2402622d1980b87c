/**
 * Write manifest.json: for each entry the hashed names a page has to name.
 *
 *     { "studio": { "script": "assets/studio-B1x.js", "styles": ["…css"], "preloads": ["…js"] } }
 */
export function bundleManifest() {
  return {
    name: 'bundle-manifest',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(options, bundle) {
        const entries = Object.values(bundle).filter((chunk) => chunk.type === 'chunk' && chunk.isEntry);
        const manifest = Object.fromEntries(entries.map((entry) => [ entry.name, needs(entry, bundle) ]));
        const source = JSON.stringify(manifest, null, 2) + '\n';
        this.emitFile({ type: 'asset', fileName: 'manifest.json', source });
      },
    },
  };
}

function needs(entry, bundle) {
  const chunks = reachable(entry, bundle);
  return {
    script: entry.fileName,
    styles: chunks.flatMap((chunk) => [ ...chunk.viteMetadata.importedCss ]),
    preloads: chunks.filter((chunk) => chunk !== entry).map((chunk) => chunk.fileName),
  };
}

function reachable(chunk, bundle, found = new Set()) {
  if (found.has(chunk)) return [];
  found.add(chunk);
  const imported = chunk.imports.map((name) => bundle[name]).filter(Boolean);
  return [ ...imported.flatMap((next) => reachable(next, bundle, found)), chunk ];
}
