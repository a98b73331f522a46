// odonata report: labs run and judged, as one page of HTML and one PDF, with all they measured beside.

import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { badInput } from '../base';
import { type Report, reportHtml, type ReportSection, summaryText } from '../export';
import { findLabs, type Lab, labCommand, labSection, LABS } from '../labs';
import { reportToPdf } from '../print';
import { writeWhole } from '../store';
import { labOf, runAnnounced, writeLab } from './lab';
import { aboutTime } from './lab-list';
import { ExitCode, printJson, printLine, tell } from './output';
import { VERSION } from './version';

export interface ReportOptions {
  readonly labs: string;
  readonly topic?: string;
  readonly quick?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** @param catalogue what there is to choose from */
export async function reportCommand(options: ReportOptions, catalogue: readonly Lab[] = LABS): Promise<number> {
  const labs = chosen(options, catalogue);
  const quick = options.quick === true;
  const startedAt = performance.now();
  const sections: ReportSection[] = [];
  let pass = true;
  for (const [index, lab] of labs.entries()) {
    const before = performance.now();
    const result = runAnnounced(lab, quick);
    const seconds = (performance.now() - before) / 1000;
    // What is finished stays, whatever happens to the rest.
    writeLab(result, seconds, join(options.out, lab.id));
    pass &&= result.pass;
    sections.push(
      labSection(result, [
        ['Repeat with', labCommand(lab.id, quick)],
        ['Took', `${seconds.toFixed(1)} s`],
      ]),
    );
    tell(`${result.pass ? 'ok' : 'NO'}  ${lab.id}, ${String(index + 1)} of ${String(labs.length)}`);
  }
  const report = reportOf(options, sections, (performance.now() - startedAt) / 1000);
  mkdirSync(options.out, { recursive: true });
  const html = join(options.out, 'report.html');
  const pdf = join(options.out, 'report.pdf');
  writeWhole(html, reportHtml(report));
  writeWhole(pdf, await reportToPdf(report));
  if (options.json === true) printJson(recordOf(report, pass, html, pdf));
  else {
    printLine(summaryText(report));
    printLine(html);
    printLine(pdf);
  }
  return pass ? ExitCode.done : ExitCode.checkFailed;
}

/** `all`, or ids and numbers with commas; of these, those of a topic if one is asked for. */
function chosen({ labs: wanted, topic }: ReportOptions, catalogue: readonly Lab[]): Lab[] {
  const ids = wanted.split(',').map((id) => id.trim());
  if (ids.some((id) => id === ''))
    throw badInput('--labs', `"${wanted}" names no lab`, 'write all, or such as --labs 19,20,23-limited-transmit');
  const labs = wanted === 'all' ? catalogue : catalogue.filter((lab) => ids.map(labOf).includes(lab));
  const fitting = findLabs(labs, { topic });
  if (fitting.length === 0)
    throw badInput(
      '--topic',
      `none of these labs has "${topic ?? ''}"`,
      'odonata lab list shows the topics of all labs',
    );
  return fitting;
}

function reportOf(
  { labs, topic, quick, out }: ReportOptions,
  sections: readonly ReportSection[],
  seconds: number,
): Report {
  const now = new Date();
  const words = [
    'odonata report',
    `--labs ${labs}`,
    topic === undefined ? '' : `--topic "${topic}"`,
    quick === true ? '--quick' : '',
  ];
  return {
    title: 'Odonata: what the labs found',
    subtitle: `${String(sections.length)} ${sections.length === 1 ? 'lab' : 'labs'}, ${quick === true ? 'quick plans' : 'full plans'}`,
    createdAt: now.toISOString(),
    provenance: [
      ['Version', `Odonata ${VERSION}, Node ${process.versions.node}`],
      ['Repeat with', [...words, `--out ${out}`].filter((word) => word !== '').join(' ')],
      ['Written', `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
      ['Took', `${aboutTime(seconds)} on ${cpus()[0]?.model.trim() ?? 'this machine'}`],
      ['Results', 'The same version and seeds give the same figures on every machine; times of running differ.'],
    ],
    sections,
  };
}

function recordOf({ sections, provenance }: Report, pass: boolean, html: string, pdf: string): object {
  return {
    format: 'odonata-report',
    version: 1,
    program: VERSION,
    pass,
    html,
    pdf,
    provenance: Object.fromEntries(provenance),
    labs: sections.map(({ id, number, title, checks }) => ({
      id,
      experiment: number,
      title,
      pass: checks.every((check) => check.pass),
      checks,
    })),
  };
}
