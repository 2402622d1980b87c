import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { bundleManifest } from './build/manifest.js';
import { bundledLicences } from './build/licences.js';
import { strictStyles } from './build/stylesheets.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [ strictStyles(), bundleManifest(), bundledLicences() ],
  resolve: {
    alias: [
      // The properties panel has no option for the functions its FEEL editor offers.
      { find: '@camunda/feel-builtins', replacement: here('src/studio/builtins.js') },
    ],
  },
  build: {
    target: 'es2022',
    outDir: here('../web/static/dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        app: here('src/app/main.js'),
        viewer: here('src/viewer/main.js'),
        studio: here('src/studio/main.js'),
      },
    },
  },
});
