import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Write licences.txt: name, version and licence text of every package that went into the bundle.
 *
 * The list is made from the modules that were bundled, so it is complete, whatever the lock file says.
 */
export function bundledLicences() {
  const packages = new Set();
  const note = (id) => {
    const found = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id);
    if (found) packages.add(found[1]);
  };
  return {
    name: 'bundled-licences',
    load: { order: 'pre', handler: (id) => { note(id); return null; } },
    generateBundle() {
      STYLED.forEach((name) => note(join(process.cwd(), 'node_modules', name)));
      const source = [ ...packages ].sort().map(licence).join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  };
}

/** Packages that only style sheets import: those are not loaded as modules. */
const STYLED = [ '@kern-ux/native', '@fontsource/fira-sans' ];

function licence(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file && existsSync(join(directory, file)) ? readFileSync(join(directory, file), 'utf8') : `${license}\n`;
  return `${name} ${version}\n\n${text}`;
}
