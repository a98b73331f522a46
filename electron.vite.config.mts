// Main, preload and renderer for every Electron from 25 on: CommonJS on the Node side, Chrome 114 in the window.

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
const resolve = { mainFields: ['module', 'main'] };

/**
 * stdlib asks by eval whether there are generator functions, which the window's policy forbids and reports. There are; the answer also keeps
 * the window on the same code, and so on the same last bits, as Node.
 */
const noEval = {
  name: 'no-eval',
  transform(_code: string, id: string) {
    if (!id.includes('@stdlib/assert-has-generator-support/lib/main.js')) return undefined;
    return { code: 'module.exports = function () { return true; };', map: null };
  },
};

export default defineConfig({
  main: {
    resolve,
    build: {
      target: 'node18.15',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'electron/main/index.ts', runner: 'electron/runner/index.ts' },
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
    plugins: [vue(), noEval],
    build: { target: 'chrome114', rollupOptions: { input: 'renderer/index.html' } },
  },
});
