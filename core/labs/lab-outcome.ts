// All that a lab's run leaves to be shown: figures, tables and the section of the report. The same result and facts give the same outcome,
// so one that was kept can be made again and compared.

import { labFigures } from './lab-figure';
import { labCommand } from './lab-files';
import { labSection } from './lab-report';
import { labMeans, labMeansCsv } from './means';
import { labCsv, type LabResult, referenceCsv } from './run-lab';

/** What a clock and the program say of a run. */
export interface LabRunFacts {
  readonly seeds: number;
  readonly seconds: number;
  /** Wall clock at its end, milliseconds since 1970. */
  readonly ranAt: number;
  readonly program: string;
}

/** @param planned the lab as the catalogue has it: a run with other seeds than it plans says so */
export function labOutcome(result: LabResult, facts: LabRunFacts, planned: LabResult['lab']) {
  const { lab, quick } = result;
  const { seeds, seconds, ranAt, program } = facts;
  const command = labCommand(lab.id, quick);
  const isPlanned = seeds === (quick ? planned.replications.quick : planned.replications.full);
  return {
    id: lab.id,
    quick,
    seeds,
    seconds,
    ranAt,
    program,
    section: labSection(result, [
      ['Repeat with', isPlanned ? command : `${command}, with seeds 1 to ${String(seeds)}`],
      ['Took', `${seconds.toFixed(1)} s`],
    ]),
    figures: labFigures(result),
    csv: labCsv(result),
    summaryCsv: labMeansCsv(result),
    referenceCsv: result.references.length === 0 ? undefined : referenceCsv(result),
    means: labMeans(result),
  };
}
