// The command line: commands, options and exit codes of product.md §3.2. What a command needs is loaded when it is called.

import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { BadInput } from '../base';
import type { BenchOptions } from './bench-options';
import type { CoursePrintOptions } from './course';
import type { FigureOptions } from './figure';
import type { GradeOptions } from './grade';
import { ExitCode, tell } from './output';
import type { LabOptions } from './lab';
import type { LabListOptions } from './lab-list';
import type { MergeOptions } from './merge';
import type { PacketdrillOptions } from './packetdrill';
import type { ReportOptions } from './report';
import type { RunOptions } from './run';
import type { SweepOptions } from './sweep';
import type { VerifyOptions } from './verify';
import { VERSION } from './version';

const collect = (value: string, before: string[]): string[] => [...before, value];

function program(finish: (code: number) => void): Command {
  const root = new Command('odonata')
    .description('A lab workbench for the operating-system design of DragonFly BSD.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(odonata --help lists the commands)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });

  root
    .command('run <file>')
    .description('run a scenario; - reads it from standard input')
    .option('--out <folder>', 'write summary, series, charts and provenance there')
    .option('--seed <n>', 'another seed')
    .option('--duration <time>', 'another duration, such as 10s')
    .option('--set <pointer=value>', 'change the scenario, such as /links/bottleneck/rate=5Mbps', collect, [])
    .option('--pcap', 'write capture.pcapng')
    .option('--trace', 'write trace.json with causes')
    .option('--check', 'assert invariants while running')
    .option('--force', 'run even if the estimate says that memory is short')
    .option('--json', 'print the summary as JSON')
    .action(async (file: string, options: RunOptions) => {
      finish((await import('./run')).runCommand(file, options));
    });

  root
    .command('validate <file>')
    .description('check a scenario; runs nothing')
    .option('--json', 'print the problems as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      finish((await import('./formats')).validateCommand(file, options.json === true));
    });

  root
    .command('figure <run>')
    .description("draw one figure from a finished run's folder")
    .requiredOption('--chart <id>', 'what to show, such as cwnd')
    .requiredOption('--format <format>', 'svg, pdf, png, csv or tex')
    .option('--preset <name>', 'size and type', 'ieee-1col')
    .option('--dpi <n>', 'resolution of png', '300')
    .option('--title <text>', 'title above the figure')
    .option('--out <file>', 'where to write it')
    .action(async (run: string, options: FigureOptions) => {
      finish(await (await import('./figure')).figureCommand(run, options));
    });

  root
    .command('import <capture>')
    .description('turn a pcap or pcapng into a scenario that replays it')
    .option('--out <file>', 'where to write it; standard output when left out')
    .action(async (capture: string, options: { out?: string }) => {
      finish((await import('./import')).importCommand(capture, options));
    });

  root
    .command('packetdrill <files...>')
    .description('run packetdrill scripts against the TCP of the simulator; folders are walked')
    .option('--profile <name>', 'auto, rfc, linux or freebsd', 'auto')
    .option('--set <pointer=value>', 'change a switch of the host under test, such as /tcp/sack=false', collect, [])
    .option('--json', 'print one record per script as JSON')
    .action(async (files: string[], options: PacketdrillOptions) => {
      finish((await import('./packetdrill')).packetdrillCommand(files, options));
    });

  const lab = root.command('lab').description('experiments with plans, pictures and verdicts');
  lab
    .command('list [words...]')
    .description('the catalogue; of it, what has all these words')
    .option('--topic <topic>', 'only labs of this topic, such as tokens')
    .option('--mechanism <name>', 'only labs with this mechanism, such as SACK')
    .option('--slide <text>', 'only labs whose slide of the talk has this text')
    .option('--json', 'print it as JSON')
    .action(async (words: string[], options: LabListOptions) => {
      finish((await import('./lab-list')).labListCommand(words, options));
    });
  lab
    .command('run <id>')
    .description('run one and judge it; exit code 3 when a check does not hold')
    .option('--quick', 'fewer points, within seconds')
    .option('--out <folder>', 'write verdict.json, points.csv, reference.csv and chart.svg there')
    .option('--json', 'print the verdict as JSON')
    .action(async (id: string, options: LabOptions) => {
      finish((await import('./lab')).labRunCommand(id, options));
    });

  root
    .command('report')
    .description('run labs and write what they found as HTML and PDF; exit code 3 when a check does not hold')
    .option('--labs <ids>', 'all, or ids or numbers with commas, such as 19,20,23', 'all')
    .option('--topic <topic>', 'of these, only labs of this topic')
    .option('--quick', 'fewer points, within seconds for each lab')
    .option('--out <folder>', 'where to write it', 'odonata-report')
    .option('--json', 'print the verdicts as JSON')
    .action(async (options: ReportOptions) => {
      finish(await (await import('./report')).reportCommand(options));
    });

  root
    .command('bench [suite]')
    .description('measure: dumbbell, web, engine, kernel, pmp, sweep, library or labs')
    .option('--flows <n>', 'host pairs of dumbbell (100), connections of pmp (8)')
    .option('--cpus <n>', 'CPUs of each host of pmp', '4')
    .option('--rate <rate>', 'bottleneck rate', '100Mbps')
    .option('--delay <time>', 'bottleneck delay', '10ms')
    .option('--duration <time>', 'virtual time; 20s, for pmp 5s, of each run of sweep 60s')
    .option('--runs <n>', 'of sweep', '1000')
    .option('--points <n>', 'of sweep: different ones among its runs, an even number', '8')
    .option('--jobs <n>', 'of sweep: processes; as many as there are processors')
    .option('--seed <n>', 'seed', seedOption, '1')
    .option('--sack', 'with SACK')
    .option('--lab <id>', 'of labs: only this one; may be repeated', collect, [])
    .option('--json', 'print JSON')
    .action(async (suite: string | undefined, options: BenchOptions) => {
      finish(await (await import('./bench')).benchCommand(suite ?? 'dumbbell', options));
    });

  courseCommands(root, finish);

  root
    .command('bundle <folders...>')
    .description('pack folders of results into one file that another person can open and verify')
    .requiredOption('--out <file>', 'the bundle, such as results.odonata')
    .option('--json', 'print what was packed as JSON')
    .action(async (folders: string[], options: { out: string; json?: boolean }) => {
      finish((await import('./bundle')).bundleCommand(folders, options));
    });

  root
    .command('unbundle <bundle>')
    .description('unpack a bundle into a new folder')
    .requiredOption('--out <folder>', 'the new folder')
    .option('--json', 'print what was unpacked as JSON')
    .action(async (bundle: string, options: { out: string; json?: boolean }) => {
      finish(await (await import('./bundle')).unbundleCommand(bundle, options));
    });

  root
    .command('verify <bundle>')
    .description('check a bundle and run its scenarios, plans and labs again; exit code 3 when a result differs')
    .option('--share <share>', 'run only this share of the runs of an experiment again, such as 0.1')
    .option('--json', 'print the verdicts as JSON')
    .action(async (bundle: string, options: VerifyOptions) => {
      finish(await (await import('./verify')).verifyCommand(bundle, options));
    });

  root
    .command('schema')
    .description('print the JSON Schema of scenarios, with that of plans as its $defs.plan; or that of guided labs')
    .argument('[of]', 'scenario or guided-lab', 'scenario')
    .action(async (of: string) => {
      finish((await import('./formats')).schemaCommand(of));
    });
  addSweep(root, finish);
  return root;
}

function addSweep(root: Command, finish: (code: number) => void): void {
  root
    .command('sweep <plan>')
    .description('run a plan: factors, levels, replications; - reads it from standard input')
    .option('--out <folder>', 'keep runs, tables, charts and provenance there')
    .option('--jobs <n>', 'runs at once; as many as the machine has processors when left out')
    .option('--shard <i/n>', 'only the i-th of n parts; odonata merge puts them together')
    .option('--resume', 'go on with the results in --out')
    .option('--force', 'run even if the estimate says that memory is short')
    .option('--json', 'print the summary as JSON')
    .option('--engine <name>', 'local, or slurm to submit a job array', 'local')
    .option('--shards <n>', 'tasks of the job array')
    .option('--no-submit', 'write the scripts of the job array, and submit nothing')
    .action(async (plan: string, options: SweepOptions) => {
      finish(await (await import('./sweep')).sweepCommand(plan, options));
    });
  root
    .command('merge <folders...>')
    .description('put the parts of a plan together')
    .requiredOption('--out <folder>', 'where to')
    .option('--json', 'print the summary as JSON')
    .action(async (folders: string[], options: MergeOptions) => {
      finish((await import('./merge')).mergeCommand(folders, options));
    });
}

function courseCommands(root: Command, finish: (code: number) => void): void {
  const course = root.command('course').description('guided labs for a class');
  course
    .command('list')
    .description('the guided labs in the box')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      finish((await import('./course')).courseListCommand(options));
    });
  course
    .command('check <folder>')
    .description("check a teacher's lab (lab.yaml and text.md), and run its steps")
    .option('--json', 'print the problems as JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      finish((await import('./course')).courseCheckCommand(folder, options));
    });
  course
    .command('print <lab>')
    .description('a handout of a lab, by its id or folder, with room to answer')
    .option('--format <format>', 'html or pdf', 'html')
    .requiredOption('--out <file>', 'where to write it')
    .option('--answers', "the teacher's copy, with right answers and explanations")
    .action(async (lab: string, options: CoursePrintOptions) => {
      finish(await (await import('./course')).coursePrintCommand(lab, options));
    });
  root
    .command('grade <folder>')
    .description('mark a folder of hand-ins; exit code 3 when one was tampered with')
    .option('--key <file>', 'a file with the class key, whose seal each hand-in has to carry')
    .option('--labs <folder>', "a teacher's own labs")
    .option('--out <folder>', 'write marks.csv and a report for each student there; without it, the marks are printed')
    .option('--json', 'print the marks as JSON')
    .action(async (folder: string, options: GradeOptions) => {
      finish((await import('./grade')).gradeCommand(folder, options));
    });
}

function seedOption(value: string): string {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('a seed is a whole number, such as 7');
  return value;
}

/** Runs the command line; returns its exit code. @param words arguments without node and script */
export async function main(words: readonly string[]): Promise<number> {
  let code: number = ExitCode.done;
  try {
    await program((result) => {
      code = result;
    }).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.badInput;
    if (error instanceof BadInput) {
      tell(error.message);
      return ExitCode.badInput;
    }
    tell(`odonata: ${error instanceof Error ? error.message : String(error)}`);
    return ExitCode.failed;
  }
}
