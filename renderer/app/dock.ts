// The docked panels: shown, given the whole window, laid out as they were, or as they stood at first.

import type { DockviewApi } from 'dockview-vue';
import { ref, shallowRef } from 'vue';
import { placePanels } from './panels';
import { loadWorkspace, saveWorkspace } from './workspace';

export function useDock() {
  const api = shallowRef<DockviewApi>();
  /** The start page lies over the panels until something is opened. */
  const startShown = ref(true);

  /** Lays the panels out as they were when the window was last open. */
  async function attach(given: DockviewApi): Promise<void> {
    api.value = given;
    const layout = await loadWorkspace();
    if (!restore(given, layout)) placePanels(given);
    given.onDidLayoutChange(save);
  }

  function save(): void {
    if (api.value !== undefined) saveWorkspace(api.value.toJSON());
  }

  function reset(): void {
    api.value?.clear();
    if (api.value !== undefined) placePanels(api.value);
  }

  /** Brings a panel to the front, also one that was closed. */
  function show(id: string): void {
    startShown.value = false;
    const dock = api.value;
    if (dock === undefined) return;
    placePanels(dock, [id]);
    const panel = dock.getPanel(id);
    if (dock.hasMaximizedGroup() && panel?.api.isMaximized() !== true) dock.exitMaximizedGroup();
    panel?.api.setActive();
  }

  /** Gives a panel the whole window. */
  function showLarge(id: string): void {
    show(id);
    if (api.value?.hasMaximizedGroup() === false) toggleMaximized();
  }

  /** Puts a panel beside others, of which one makes room. */
  function showBeside(id: string, inPlaceOf: string | undefined): void {
    if (api.value?.hasMaximizedGroup() === true) api.value.exitMaximizedGroup();
    if (inPlaceOf !== undefined) api.value?.getPanel(inPlaceOf)?.api.close();
    show(id);
  }

  function toggleMaximized(): void {
    const dock = api.value;
    if (dock?.hasMaximizedGroup() === true) dock.exitMaximizedGroup();
    else if (dock?.activePanel !== undefined) dock.maximizeGroup(dock.activePanel);
  }

  /** A double click on a tab gives its panel the whole window, and takes it back. */
  function doubleClicked({ target }: MouseEvent): void {
    if (target instanceof Element && target.closest('.dv-tab') !== null) toggleMaximized();
  }

  return {
    startShown,
    attach,
    save,
    reset,
    show,
    showLarge,
    showBeside,
    toggleMaximized,
    doubleClicked,
    /** The panel in front. */
    front: (): string | undefined => api.value?.activePanel?.id,
  };
}

function restore(api: DockviewApi, layout: unknown): boolean {
  if (layout === undefined) return false;
  try {
    api.fromJSON(layout as Parameters<DockviewApi['fromJSON']>[0]);
    return api.totalPanels > 0;
  } catch {
    // A layout of another version: start from the standard one.
    api.clear();
    return false;
  }
}
