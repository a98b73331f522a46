// Short messages at the edge of the window: what happened, and what to do about it.

import { ref } from 'vue';
import { LabError } from './lab';

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
  readonly advice?: string | undefined;
  /** What can be done about it at once, such as undo. */
  readonly action?: ToastAction | undefined;
}

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
  /** How long it can be done. */
  readonly forMs: number;
}

const SHOWN_MS = 6000;
let next = 1;

export const toasts = ref<readonly Toast[]>([]);

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Shows a message; errors stay until they are dismissed. */
export function tell(kind: Toast['kind'], text: string, advice?: string, action?: ToastAction): void {
  const toast = { id: next, kind, text, advice, action };
  next += 1;
  toasts.value = [...toasts.value.slice(-3), toast];
  if (kind === 'info') setTimeout(() => dismiss(toast.id), action?.forMs ?? SHOWN_MS);
}

/** Runs something that may fail, and tells the person if it does. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    tell('error', text, error instanceof LabError ? error.advice : undefined);
    return undefined;
  }
}
