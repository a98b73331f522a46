// What no page may do: navigate, open windows, embed others, ask for permissions, or reach the network.

import { app, session } from 'electron';
import { ORIGIN } from './protocol';

const OWN_SCHEMES = ['app:', 'devtools:', 'data:', 'blob:'];

export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event, url) => {
      if (!url.startsWith(`${ORIGIN}/`)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !OWN_SCHEMES.includes(new URL(details.url).protocol) });
  });
}
