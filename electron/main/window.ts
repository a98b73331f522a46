// The workbench's window.

import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { ORIGIN } from './protocol';

const MIN_WIDTH = 900;
const MIN_HEIGHT = 600;

/** Opens the window; shown when its first frame is there, so that nothing flashes. */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191c' : '#f6f7f8',
    webPreferences: {
      preload: join(__dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadURL(`${ORIGIN}/index.html`);
  return window;
}
