// What a measurement of a lab runs, for the workbench to open: the measurement is carried out, and the scenarios come with their names.

import { labScenarios, LABS } from '../../core/labs';
import type { OpenedLab } from '../ipc';

export interface ScenariosJob {
  readonly type: 'lab-scenarios';
  readonly id: string;
  readonly point: Readonly<Record<string, number | string>>;
  readonly quick: boolean;
  readonly seed: number;
}

export type ScenariosReport =
  | { readonly ok: true; readonly scenarios: readonly OpenedLab[] }
  | { readonly ok: false; readonly reason: string; readonly advice: string };

export function scenariosOf({ id, point, quick, seed }: ScenariosJob): ScenariosReport {
  const lab = LABS.find((one) => one.id === id);
  if (lab === undefined) return { ok: false, reason: `there is no lab "${id}"`, advice: 'choose one of the catalogue' };
  for (const { name, levels, quick: few } of lab.factors) {
    const known = quick ? (few ?? levels) : levels;
    if (!known.includes(point[name]!))
      return {
        ok: false,
        reason: `${id} has no level "${String(point[name])}" of ${name}`,
        advice: `its levels are ${known.join(', ')}`,
      };
  }
  try {
    const scenarios = labScenarios(lab, point, { quick, seed }).map(({ what, document, digest }) => ({
      what,
      name: String(document['name']),
      text: `${JSON.stringify(document, undefined, 2)}\n`,
      digest,
    }));
    return { ok: true, scenarios };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason, advice: 'run the lab to see how its other points do' };
  }
}
