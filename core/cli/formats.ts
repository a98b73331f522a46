// odonata validate and odonata schema: whether a file has the format, and what the formats are.

import { BadInput, badInput } from '../base';
import { guidedLabJsonSchema } from '../course';
import { planJsonSchema } from '../experiment';
import { scenarioJsonSchema } from '../scenario';
import { ExitCode, printJson, printLine } from './output';
import { readScenario } from './read-scenario';

export function validateCommand(file: string, json: boolean): number {
  try {
    const { resolved } = readScenario(file, []);
    if (json) printJson({ ok: true, problems: [] });
    else
      printLine(
        `${file}: a scenario with ${String(resolved.nodes.length)} nodes, ${String(resolved.links.length)} links and ${String(resolved.traffic.length)} flows`,
      );
    return ExitCode.done;
  } catch (error) {
    if (!(error instanceof BadInput) || !json) throw error;
    printJson({ ok: false, problems: error.problems });
    return ExitCode.badInput;
  }
}

/** @param of `scenario`, with plans as its $defs.plan, or `guided-lab` */
export function schemaCommand(of: string): number {
  if (of !== 'scenario' && of !== 'guided-lab')
    throw badInput('schema', `there is no schema of "${of}"`, 'scenario or guided-lab');
  if (of === 'scenario') printJson({ ...scenarioJsonSchema(), $defs: { plan: planJsonSchema() } });
  else printJson(guidedLabJsonSchema());
  return ExitCode.done;
}
