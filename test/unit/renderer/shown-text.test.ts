// A field shows what the document says, and what somebody is typing survives every redraw until it is taken, given up, or left.

import { nextTick } from 'vue';
import { expect, test } from 'vitest';
import { type TextControl, vShown } from '../../../renderer/shared/shown-text';

type Listener = Parameters<TextControl['addEventListener']>[1];

/** An input as far as the directive knows it. */
function field(text: string, modifiers = {}) {
  const listeners: [string, Listener][] = [];
  const control = {
    value: '',
    addEventListener: (type: string, listener: Listener) => {
      listeners.push([type, listener]);
    },
  };
  let kept = 0;
  vShown.mounted(control, { value: text, modifiers });
  return {
    control,
    /** What a redraw does, whatever it was for. */
    redraw: (value: string) => {
      vShown.updated(control, { value });
    },
    happens: (name: 'change' | 'blur' | 'keydown', key?: string) => {
      for (const [type, listener] of listeners)
        if (type === name) listener({ ...(key === undefined ? {} : { key }), stopPropagation: () => (kept += 1) });
      return nextTick();
    },
    keptToItself: () => kept,
  };
}

test('half a text survives redraws, also when the document changes that field meanwhile', () => {
  const { control, redraw } = field('50p');
  expect(control.value).toBe('50p');
  control.value = '10';
  redraw('50p');
  expect(control.value).toBe('10');
  redraw('20p');
  expect(control.value).toBe('10');
});

test('where nobody types, the field follows the document', () => {
  const { control, redraw } = field('50p');
  redraw('20p');
  expect(control.value).toBe('20p');
  redraw('');
  expect(control.value).toBe('');
});

test('what was taken stands as the document has it: changed, or as it was', async () => {
  const { control, redraw, happens } = field('50p');
  control.value = ' 10p ';
  redraw('10p');
  await happens('change');
  expect(control.value).toBe('10p');
  control.value = 'nothing';
  await happens('change');
  expect(control.value).toBe('10p');
});

test('a field that is left shows the document again, though typing led back to where it began', async () => {
  const { control, redraw, happens } = field('50p');
  control.value = '5';
  redraw('20p');
  control.value = '50p';
  await happens('blur');
  expect(control.value).toBe('20p');
});

test('Escape gives up what was typed and nothing else; without any it is left to others', async () => {
  const { control, happens, keptToItself } = field('50p');
  control.value = '10';
  await happens('keydown', 'Escape');
  expect([control.value, keptToItself()]).toEqual(['50p', 1]);
  await happens('keydown', 'Escape');
  expect(keptToItself()).toBe(1);
});

test('what comes back later from the library stands as typed until then', async () => {
  const { control, redraw, happens } = field('Dumbbell', { later: true });
  control.value = 'Third';
  await happens('change');
  await happens('blur');
  expect(control.value).toBe('Third');
  redraw('Third');
  redraw('Fourth');
  expect(control.value).toBe('Fourth');
});
