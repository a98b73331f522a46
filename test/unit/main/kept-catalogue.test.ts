// The catalogue that was kept is given back to the program that read it, and to no other.

import { expect, test } from 'vitest';
import { KeptCatalogue, type Settings } from '../../../electron/main/kept-catalogue';

const CATALOGUE = { labs: [], topics: ['tokens'], guided: [] };

function settings(): Settings & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    setting: (name) => all.get(name),
    setSetting: (name, value) => {
      all.set(name, value ?? '');
    },
  };
}

test('what was kept is there at the next start of the same program', () => {
  const store = settings();
  expect(new KeptCatalogue(store, '1').read()).toBeUndefined();
  new KeptCatalogue(store, '1').keep(CATALOGUE);
  expect(new KeptCatalogue(store, '1').read()).toEqual(CATALOGUE);
});

test('another build reads its own, and so does one whose settings are damaged', () => {
  const store = settings();
  new KeptCatalogue(store, '1').keep(CATALOGUE);
  expect(new KeptCatalogue(store, '2').read()).toBeUndefined();
  for (const [name, text] of [...store.all]) store.all.set(name, text.slice(0, -3));
  expect(new KeptCatalogue(store, '1').read()).toBeUndefined();
});
