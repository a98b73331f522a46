// Light or dark: the system's choice, unless the person has chosen.

import { usePreferredDark } from '@vueuse/core';
import { computed, ref, watchEffect } from 'vue';

export type ThemeChoice = 'system' | 'light' | 'dark';

export const themeChoice = ref<ThemeChoice>('system');
const prefersDark = usePreferredDark();

export const isDark = computed(
  () => themeChoice.value === 'dark' || (themeChoice.value === 'system' && prefersDark.value),
);

/** Keeps the document's theme; call once. */
export function followTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light';
  });
}

export function toggleTheme(): void {
  themeChoice.value = isDark.value ? 'light' : 'dark';
}
