// Before all windows: the Electron that opens them, the built workbench, and a display where there is none.

import { ensureWorkbench } from '../../build/bundles.mjs';
import { electronExecutable, electronRuntime } from '../../build/electron-runtime.mjs';
import { hasDisplay } from '../../build/system.mjs';
import { startXvfb } from '../../build/xvfb.mjs';

/** Returns what undoes it. Workers inherit the environment that is set here. */
export default async function setUp(): Promise<() => void> {
  process.env['ODONATA_ELECTRON'] = electronExecutable(await electronRuntime());
  await ensureWorkbench();
  if (hasDisplay()) return () => undefined;
  const display = await startXvfb();
  process.env['DISPLAY'] = display.name;
  return display.stop;
}
