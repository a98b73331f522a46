// odonata import: a capture becomes a scenario.

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { captureToScenario, readCapture } from '../capture';
import { writeWhole } from '../store';
import { ExitCode, tell } from './output';
import { BadInput, badInput, formatProblem } from '../base';

/** A capture is read whole; larger ones are cut with editcap first. */
const CAPTURE_BYTES_MAX = 1.9e9;

export function importCommand(capture: string, options: { readonly out?: string }): number {
  const bytes = readBytes(capture);
  const contents = readCapture(bytes, capture);
  const imported = captureToScenario(contents, basename(capture), capture);
  if (!imported.ok) throw new BadInput(imported.problems);
  const { scenario, report } = imported.value;
  const text = `${JSON.stringify(scenario, undefined, 2)}\n`;
  for (const problem of imported.problems) tell(formatProblem(problem));
  for (const line of report) tell(line);
  if (options.out === undefined) process.stdout.write(text);
  else writeWhole(options.out, text);
  return ExitCode.done;
}

function readBytes(capture: string): Uint8Array {
  try {
    const { size } = statSync(capture);
    if (size > CAPTURE_BYTES_MAX)
      throw badInput(
        capture,
        `the capture has ${String(Math.round(size / 1e6))} MB; at most ${String(CAPTURE_BYTES_MAX / 1e6)} MB are read`,
        'cut it with: editcap -c 1000000 in.pcapng part.pcapng',
      );
    return readFileSync(capture);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw badInput(capture, 'the file cannot be read', 'give the path of a pcap or pcapng file');
  }
}
