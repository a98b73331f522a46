// What no page may do, tried from the page; and what the window was made with, asked in main.

import { expect, test } from 'playwright/test';
import { launch } from './launch';

test('the page reaches neither Node, nor the network, nor other files, and cannot navigate or open windows', async () => {
  const bench = await launch();
  const { page } = bench;
  const found = await page.evaluate(async () => {
    const fails = async (action: () => unknown): Promise<boolean> => {
      try {
        await action();
        return false;
      } catch {
        return true;
      }
    };
    const globals = window as unknown as Record<string, unknown>;
    return {
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => globals[name] !== undefined),
      // Policy forbids turning text into code; asked outside of the debugger's own call, which is exempt.
      code: await new Promise<boolean>((resolve) =>
        setTimeout(() => void fails(() => new Function('return 1')() as unknown).then(resolve), 0),
      ),
      network: await fails(() => fetch('http://127.0.0.1:9/')),
      file: await fails(() => fetch('file:///etc/hostname')),
      otherHost: await fails(() => fetch('app://other/index.html')),
      traversal: (await fetch('app://bundle/..%2f..%2fpackage.json').catch(() => ({ status: 403 }))).status,
      popup: window.open('https://example.org/') === null,
      notifications: Notification.permission,
    };
  });
  expect(found).toEqual({
    node: [],
    code: true,
    network: true,
    file: true,
    otherHost: true,
    traversal: 403,
    popup: true,
    notifications: 'denied',
  });
  await page.evaluate(() => {
    window.location.href = 'https://example.org/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://bundle/index.html');
  await bench.close();
});

test('the window is sandboxed and isolated', async () => {
  const bench = await launch();
  const preferences = await bench.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
  await bench.close();
});

test('calls that are not in the contract, or not as it says, are refused with a reason', async () => {
  const bench = await launch();
  const replies = await bench.page.evaluate(async () => {
    const call = window.lab.call as unknown as (
      name: string,
      request?: unknown,
    ) => Promise<{ ok: boolean; message?: string }>;
    return [
      await call('files.delete', {}),
      await call('runs.summary', { runId: '../../etc' }),
      await call('files.openRecent', { path: '/etc/passwd' }),
      await call('runs.start', { scenario: 5 }),
      await call('constructor'),
    ].map(({ ok, message }) => ({ ok, message }));
  });
  expect(replies.every(({ ok, message }) => !ok && message !== undefined)).toBe(true);
  await bench.close();
});
