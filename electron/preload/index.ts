// preload: turns the contract's table into `window.lab`, in the sandbox. Decides nothing. Run ports are re-posted to
// the page once, because a port cannot pass the context bridge. Realises style.md §3.10.

import { contextBridge, ipcRenderer, type IpcRendererEvent, webUtils } from 'electron';
import { type CallName, type EventName, EXPERIMENT_PORT_MESSAGE, type Lab, RUN_PORT_MESSAGE } from '../ipc';

const CALLS = 'odonata.call';
const EVENTS = 'odonata.event';

const lab: Lab = {
  call: (name: CallName, request: unknown) => ipcRenderer.invoke(CALLS, name, request) as never,
  on: (name: EventName, listener: (payload: never) => void) => {
    const heard = (_event: IpcRendererEvent, told: EventName, payload: unknown): void => {
      if (told === name) listener(payload as never);
    };
    ipcRenderer.on(EVENTS, heard);
    return () => ipcRenderer.removeListener(EVENTS, heard);
  },
  // Electron before 29 has no webUtils; its files say where they lie themselves.
  pathOf: (file) => (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ?? '',
};

contextBridge.exposeInMainWorld('lab', lab);

for (const kind of [RUN_PORT_MESSAGE, EXPERIMENT_PORT_MESSAGE])
  ipcRenderer.on(kind, (event, message: { runId: string }) => {
    window.postMessage({ kind, runId: message.runId }, window.location.origin, event.ports);
  });
