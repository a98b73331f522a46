// odonata sweep --engine slurm: a plan as a job array, one task a shard, and a job that merges them when all have ended well. A
// task that Slurm starts again goes on with its shard (sbatch(1): --array, --requeue, --dependency=afterok).

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badInput } from '../base';
import { expandPlan, type Plan } from '../experiment';
import { ExperimentFile, ExperimentStore, writeWhole } from '../store';
import { ExitCode, printLine, tell } from './output';
import { readPlanFile } from './read-plan';

interface SlurmOptions {
  readonly out: string | undefined;
  readonly shards: number | undefined;
  /** Processes of a task. */
  readonly jobs: number | undefined;
  readonly submit: boolean;
}

const SHARDS_MAX = 16;

export function submitToSlurm(file: string, { out, shards, jobs, submit }: SlurmOptions): number {
  const plan = readPlanFile(file);
  if (out === undefined)
    throw badInput('--out', 'Slurm needs a folder that all its nodes see', 'add --out with a folder on shared storage');
  if (ExperimentStore.exists(out)) throw badInput('--out', `${out} has results already`, 'give another folder');
  const folder = resolve(out);
  const parts = Math.min(shards ?? SHARDS_MAX, plan.stop === undefined ? expandPlan(plan).length : plan.points.length);
  mkdirSync(join(folder, 'slurm'), { recursive: true });
  // The plan with its scenario in it: what is queued does not change when a file does.
  writeWhole(join(folder, ExperimentFile.plan), `${JSON.stringify(plan.document, undefined, 2)}\n`);
  const sweep = join(folder, 'slurm', 'sweep.sh');
  const merge = join(folder, 'slurm', 'merge.sh');
  writeScript(sweep, sweepScript(plan, folder, parts, jobs ?? 1));
  writeScript(merge, mergeScript(folder, parts));
  if (!submit) {
    printLine(`sbatch ${quoted(sweep)}`);
    printLine(`sbatch --dependency=afterok:ID ${quoted(merge)}`);
    return ExitCode.done;
  }
  const array = sbatch([sweep]);
  const merged = array === undefined ? undefined : sbatch([`--dependency=afterok:${array}`, merge]);
  if (array === undefined || merged === undefined) {
    tell(`odonata: the scripts are ${sweep} and ${merge}; --no-submit only writes them`);
    return ExitCode.failed;
  }
  printLine(`job ${array}: ${String(parts)} shards; job ${merged} merges them into ${folder}`);
  return ExitCode.done;
}

function writeScript(path: string, lines: readonly string[]): void {
  writeWhole(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
}

/** The number of the job; undefined when it was not taken. */
function sbatch(args: readonly string[]): string | undefined {
  const result = spawnSync('sbatch', ['--parsable', ...args], { encoding: 'utf8' });
  if (result.status === 0) return result.stdout.trim().split(';')[0];
  const why = result.error === undefined ? result.stderr.trim() : 'there is no sbatch on this machine';
  tell(`odonata: Slurm did not take the job: ${why}`);
  return undefined;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Beside this bundle; see vite.cli.config.mts. */
const PROGRAM = join(__dirname, 'odonata.cjs');

/** How the nodes call this program: the same Node, the same bundle. */
function program(): string {
  return `${quoted(process.execPath)} ${quoted(PROGRAM)}`;
}

function header(name: string, log: string): string[] {
  return [
    '#!/bin/sh',
    `#SBATCH --job-name=${name}`,
    '#SBATCH --ntasks=1',
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    `#SBATCH --output="${log}"`,
  ];
}

function sweepScript(plan: Plan, folder: string, parts: number, jobs: number): string[] {
  const shard = `${quoted(join(folder, 'shards'))}/"$SLURM_ARRAY_TASK_ID"`;
  return [
    ...header('odonata-sweep', join(folder, 'slurm', 'shard-%a.log')),
    `#SBATCH --array=1-${String(parts)}`,
    `#SBATCH --cpus-per-task=${String(jobs)}`,
    `# ${plan.name.replaceAll(/[^\x20-\x7e]/g, ' ')}`,
    'set -eu',
    `mkdir -p ${shard}`,
    '# Slurm starts a task again only when its earlier process is gone, also on another machine, which could not be asked.',
    `if [ "\${SLURM_RESTART_COUNT:-0}" -gt 0 ]; then rm -f ${shard}/${ExperimentFile.owner}; fi`,
    `exec ${program()} sweep ${quoted(join(folder, ExperimentFile.plan))} --out ${shard} \\`,
    `  --shard "$SLURM_ARRAY_TASK_ID"/${String(parts)} --jobs ${String(jobs)} --resume`,
  ];
}

function mergeScript(folder: string, parts: number): string[] {
  const shards = Array.from({ length: parts }, (_, index) => quoted(join(folder, 'shards', String(index + 1))));
  return [
    ...header('odonata-merge', join(folder, 'slurm', 'merge.log')),
    '#SBATCH --kill-on-invalid-dep=yes',
    'set -eu',
    `exec ${program()} merge \\`,
    ...shards.map((shard) => `  ${shard} \\`),
    `  --out ${quoted(folder)}`,
  ];
}
