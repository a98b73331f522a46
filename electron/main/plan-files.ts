// Files of plans, read as the command line reads them: a scenario that a plan names by its path, and the CSV files that the scenario names,
// are read with it.

import { basename } from 'node:path';
import { dialog } from 'electron';
import { BadInput, formatProblem } from '../../core/base';
import { readPlanInput, writeWhole } from '../../core/store';
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
    const plan = planIn(path) as { format?: unknown };
    if (plan.format !== 'odonata-plan')
      throw new Advised(`${name} is not a plan`, 'a plan says "format": "odonata-plan"; scenarios open with Ctrl O');
    this.known.add(path);
    return { path, name, text: JSON.stringify(plan) };
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

/** @throws Advised that says which file, which place in it, and what is wrong */
function planIn(path: string): object {
  try {
    const { document } = readPlanInput(path);
    if (typeof document === 'object' && document !== null) return document;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const [first, ...more] = error.problems;
    if (first === undefined) throw error;
    const { suggestion, ...problem } = first;
    const others = more.length === 0 ? '' : `; and ${String(more.length)} more`;
    const text = formatProblem({ ...problem, file: basename(problem.file) });
    throw new Advised(`${text}${others}`, suggestion ?? 'mend the file');
  }
  throw new Advised(`${basename(path)} is not a JSON object`, 'mend the file');
}
