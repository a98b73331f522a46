// odonata bench: how fast it is here, in CPU time of this process (product.md §3.5). A suite is loaded when it is asked for.

import { badInput } from '../base';
import type { BenchOptions } from './bench-options';
import { ExitCode, printJson, printLine } from './output';

const SUITES = {
  dumbbell: async (options) => (await import('./bench-network')).benchDumbbell(options),
  web: async (options) => (await import('./bench-network')).benchWeb(options),
  engine: async () => (await import('./bench-engine')).benchEngine(),
  kernel: async () => (await import('./bench-kernel')).benchKernel(),
  pmp: async (options) => (await import('./bench-network')).benchPmp(options),
  sweep: async (options) => (await import('./bench-sweep')).benchSweep(options),
  library: async () => (await import('./bench-library')).benchLibrary(),
} satisfies Record<string, (options: BenchOptions) => Promise<Record<string, number>>>;

export async function benchCommand(suite: string, options: BenchOptions): Promise<number> {
  if (suite === 'labs') {
    printJson((await import('./bench-labs')).benchLabs(options.lab ?? []));
    return ExitCode.done;
  }
  if (!isSuite(suite))
    throw badInput(
      'bench',
      `there is no suite "${suite}"`,
      `suites are ${[...Object.keys(SUITES), 'labs'].join(', ')}`,
    );
  show(await SUITES[suite](options), options.json === true);
  return ExitCode.done;
}

function isSuite(suite: string): suite is keyof typeof SUITES {
  return Object.hasOwn(SUITES, suite);
}

function show(figures: Readonly<Record<string, number>>, json: boolean): void {
  if (json) {
    printJson(figures);
    return;
  }
  for (const [name, value] of Object.entries(figures))
    printLine(`${name.padEnd(24)} ${String(Number(value.toPrecision(6)))}`);
}
