// The typed client of the contract. Failures arrive as data; `call` turns them into one kind of error, with advice.

import type { CallName, EventName, EventPayload, Lab, Reply, Request } from '../../electron/ipc';

declare global {
  interface Window {
    readonly lab: Lab;
  }
}

/** A call that main refused or could not carry out. */
export class LabError extends Error {
  constructor(
    message: string,
    readonly advice: string | undefined,
  ) {
    super(message);
  }
}

export async function call<Name extends CallName>(name: Name, request: Request<Name>): Promise<Reply<Name>> {
  const result = await window.lab.call(name, request);
  if (result.ok) return result.value;
  throw new LabError(result.message, result.advice);
}

/** Hears an event of main; returns how to stop. */
export function on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void {
  return window.lab.on(name, listener);
}

/** Where a file that was dropped on the window lies. Electron before 29 writes it on the file itself. */
export function pathOf(file: File): string {
  const own = (file as { path?: unknown }).path;
  return typeof own === 'string' && own !== '' ? own : window.lab.pathOf(file);
}
