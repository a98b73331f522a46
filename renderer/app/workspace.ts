// What the window remembers between starts: the layout of its panels and the theme.

import type { ThemeChoice } from '../shared';
import { attempt, call, themeChoice } from '../shared';

interface Workspace {
  readonly layout?: unknown;
  readonly theme?: ThemeChoice;
}

const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** The remembered layout, if there is one; sets the theme. */
export async function loadWorkspace(): Promise<unknown> {
  const state = await attempt(() => call('workspace.load', undefined));
  if (state === undefined) return undefined;
  try {
    const { layout, theme } = JSON.parse(state) as Workspace;
    if (theme !== undefined && THEMES.includes(theme)) themeChoice.value = theme;
    return layout;
  } catch {
    // A layout that cannot be read is as good as none: the panels stand where they stood first.
    return undefined;
  }
}

export function saveWorkspace(layout: unknown): void {
  const state: Workspace = { layout, theme: themeChoice.value };
  void attempt(() => call('workspace.save', { state: JSON.stringify(state) }));
}
