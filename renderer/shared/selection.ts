// What is chosen, for all panels: a node, a link or a flow of the open scenario, by id.

import { ref } from 'vue';

export type Selection =
  { readonly kind: 'scenario' } | { readonly kind: 'node' | 'link' | 'flow'; readonly id: string };

export const selection = ref<Selection>({ kind: 'scenario' });
