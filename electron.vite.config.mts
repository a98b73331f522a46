// Main, preload and renderer for every Electron from 25 on: CommonJS on the Node side, Chrome 114 in the window.

import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const cjs = { format: 'cjs' as const, entryFileNames: '[name].cjs' };
const WITH_DATA = [
  'node-sqlite3-wasm',
  'pdfkit',
  'svg-to-pdfkit',
  '@resvg/resvg-js',
  '@expo-google-fonts/source-sans-3',
];
const GENERATORS = fileURLToPath(new URL('build/has-generator-support.cjs', import.meta.url));
const resolve = { mainFields: ['module', 'main'] };

export default defineConfig({
  main: {
    resolve,
    build: {
      target: 'node18.15',
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: 'electron/main/index.ts',
          runner: 'electron/runner/index.ts',
          'experiment-worker': 'electron/runner/experiment-worker.ts',
        },
        output: { ...cjs, chunkFileNames: '[name]-[hash].cjs' },
        external: WITH_DATA,
      },
    },
  },
  preload: {
    resolve,
    build: {
      target: 'node18.15',
      externalizeDeps: false,
      rollupOptions: { input: { index: 'electron/preload/index.ts' }, output: cjs },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [vue()],
    resolve: { alias: { '@stdlib/assert-has-generator-support': GENERATORS } },
    build: { target: 'chrome114', rollupOptions: { input: 'renderer/index.html' } },
  },
});
