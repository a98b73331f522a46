// `v-shown="text"` instead of `:value="text"`: what a field shows of the document. Vue writes `:value` at every redraw, over what somebody
// is typing; this writes it when it changed, and over typed text only once that was taken, given up (Escape) or left.

import { nextTick } from 'vue';

/** What the directive needs of an input or a text area. */
export interface TextControl {
  value: string;
  addEventListener(
    type: 'change' | 'blur' | 'keydown',
    listener: (event: { readonly key?: string; stopPropagation(): void }) => void,
  ): void;
}

interface Binding {
  readonly value: string;
  /** `later`: what is typed comes back changed only after a while, as from the library; until then it stays. */
  readonly modifiers?: Partial<Record<'later', boolean>>;
}

const shown = new WeakMap<TextControl, string>();

function settle(control: TextControl): void {
  const text = shown.get(control) ?? '';
  if (control.value !== text) control.value = text;
}

export const vShown = {
  /** After the element has its own listeners: those hear of a change first. */
  mounted(control: TextControl, { value, modifiers }: Binding): void {
    shown.set(control, value);
    control.value = value;
    control.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || control.value === shown.get(control)) return;
      event.stopPropagation();
      settle(control);
    });
    if (modifiers?.later === true) return;
    for (const type of ['change', 'blur'] as const)
      control.addEventListener(type, () => void nextTick(() => settle(control)));
  },
  updated(control: TextControl, { value }: Binding): void {
    const before = shown.get(control);
    shown.set(control, value);
    const isTyping = control.value !== before;
    if (!isTyping) settle(control);
  },
};
