// The command line as one CommonJS file that Node 18 and later run; the libraries with data of their own stay outside.

import { defineConfig } from 'vite';

const WITH_DATA = [
  'node-sqlite3-wasm',
  'pdfkit',
  'svg-to-pdfkit',
  '@resvg/resvg-js',
  '@expo-google-fonts/source-sans-3',
];

export default defineConfig({
  resolve: { mainFields: ['module', 'main'] },
  ssr: { noExternal: true, external: WITH_DATA },
  build: {
    ssr: 'core/cli/odonata.ts',
    outDir: 'out/cli',
    target: 'node18.15',
    minify: false,
    rollupOptions: { output: { format: 'cjs', entryFileNames: 'odonata.cjs', codeSplitting: false } },
  },
});
