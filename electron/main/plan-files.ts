// Files of plans, as the command line takes them: a scenario that a plan names by its path is read with it.

import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { dialog } from 'electron';
import { formatProblem } from '../../core/base';
import { readJson, SCENARIO_BYTES_MAX, tooLarge } from '../../core/scenario';
import { writeWhole } from '../../core/store';
import type { Reply, Request } from '../ipc';
import { Advised } from './door';

const PLANS = [{ name: 'Plans', extensions: ['json'] }];

export class PlanFiles {
  /** Paths that a dialog of this session named. */
  private readonly known = new Set<string>();

  async open(): Promise<Reply<'experiments.openPlan'>> {
    const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters: PLANS });
    const path = filePaths[0];
    if (path === undefined) return undefined;
    const name = basename(path);
    const plan = jsonIn(path, name) as { format?: unknown; scenario?: unknown };
    if (plan.format !== 'odonata-plan')
      throw new Advised(`${name} is not a plan`, 'a plan says "format": "odonata-plan"; scenarios open with Ctrl O');
    this.known.add(path);
    if (typeof plan.scenario !== 'string') return { path, name, text: JSON.stringify(plan) };
    const scenario = jsonIn(resolve(dirname(path), plan.scenario), plan.scenario);
    return { path, name, text: JSON.stringify({ ...plan, scenario }) };
  }

  async save({ path, suggestedName, text }: Request<'experiments.savePlan'>): Promise<Reply<'experiments.savePlan'>> {
    const target =
      path !== undefined && this.known.has(path)
        ? path
        : (await dialog.showSaveDialog({ defaultPath: suggestedName, filters: PLANS })).filePath;
    if (target === undefined || target === '') return undefined;
    writeWhole(target, text);
    this.known.add(target);
    return { path: target, name: basename(target) };
  }
}

/** @throws Advised that says which file, and what is wrong with it */
function jsonIn(path: string, name: string): object {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new Advised(`${name} is not there`, 'a scenario’s path counts from the folder of its plan');
  if (size > SCENARIO_BYTES_MAX) throw new Advised(tooLarge(name, size).message, 'was another file meant?');
  const { value, problems } = readJson(readFileSync(path, 'utf8'), name);
  const [first] = problems;
  if (first !== undefined || typeof value !== 'object' || value === null)
    throw new Advised(first === undefined ? `${name} is not a JSON object` : formatProblem(first), 'mend the file');
  return value;
}
