// The only way from the window into the main process: sender, origin and schema are checked here, and replies are
// data. Handlers for all calls of the contract, or it does not compile.

import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { type CallName, calls, type EventName, type EventPayload, type Reply, type Request, type Result } from '../ipc';
import { ORIGIN } from './protocol';

export type Handlers = { readonly [Name in CallName]: (request: Request<Name>) => Promise<Reply<Name>> | Reply<Name> };

/** What a person should know of a failure, beside what happened. */
export class Advised extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/** Answers the window's calls. */
export function serve(handlers: Handlers): void {
  ipcMain.handle('odonata.call', async (event, name: unknown, request: unknown): Promise<Result<unknown>> => {
    const refusal = refuse(event, name);
    if (refusal !== undefined) return { ok: false, message: refusal };
    return answer(handlers, name as CallName, request);
  });
}

/** Why a call is not even looked at, or undefined. */
export function refuse(event: Pick<IpcMainInvokeEvent, 'senderFrame'>, name: unknown): string | undefined {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null) return 'calls come from the main frame only';
  if (new URL(frame.url).origin !== ORIGIN && !frame.url.startsWith(`${ORIGIN}/`))
    return 'calls come from the workbench only';
  return typeof name === 'string' && Object.hasOwn(calls, name) ? undefined : 'there is no such call';
}

/** Checks a request with its schema, and lets its handler answer. */
export async function answer(handlers: Handlers, name: CallName, request: unknown): Promise<Result<unknown>> {
  const read = calls[name].request.safeParse(request);
  if (!read.success) return { ok: false, message: `${name}: the request is not what the contract says` };
  try {
    const handler = handlers[name] as (request: unknown) => unknown;
    return { ok: true, value: await handler(read.data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, ...(error instanceof Advised ? { advice: error.advice } : {}) };
  }
}

/** Tells all windows. */
export function announce<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
  for (const window of BrowserWindow.getAllWindows()) window.webContents.send('odonata.event', name, payload);
}
