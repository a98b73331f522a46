// The command line and the workers of its sweeps as CommonJS that Node 18 and later run, in parts that are loaded when a command needs them; the libraries with data of their own stay outside.

import { defineConfig } from 'vite';

const WITH_DATA = [
  'node-sqlite3-wasm',
  'pdfkit',
  'svg-to-pdfkit',
  '@resvg/resvg-js',
  '@expo-google-fonts/source-sans-3',
];

/** Modules that do nothing when they are loaded but say what they have: a part that uses one of a room need not load the others. */
const PURE = /[/\\](?:core(?![/\\]cli[/\\])|@stdlib)[/\\]/;

export default defineConfig({
  resolve: { mainFields: ['module', 'main'] },
  ssr: { noExternal: true, external: WITH_DATA },
  build: {
    ssr: true,
    outDir: 'out/cli',
    target: 'node18.15',
    minify: false,
    rollupOptions: {
      treeshake: { moduleSideEffects: (id) => !PURE.test(id) },
      // Else what both entries share may be put into the command line, which a worker would then run.
      experimental: { chunkOptimization: false },
      input: { odonata: 'core/cli/odonata.ts', 'sweep-worker': 'core/cli/sweep-worker.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
    },
  },
});
