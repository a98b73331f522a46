// The catalogue as plain data, for pages and searches of the window: it never loads what measures.

import { guidedLabs, type GuidedLab, inlineHtmlOf, questionsOf } from '../../core/course';
import { type Lab, LAB_COSTS, LABS, pointsOf, topicsOf } from '../../core/labs';
import type { GuidedCard, LabCard } from '../ipc';

/** Ready scenarios in which one watches live what a lab measures. */
const RELATED: Readonly<Record<string, string>> = {
  '01-messaging': 'producer-consumer',
  '05-parallel-stack': 'four-stacks',
  '18-protocol-threads': 'segment-life',
  '20-timeouts': 'web-server',
  '21-newreno': 'explicit-drops',
  '23-limited-transmit': 'explicit-drops',
  '28-syn-flood-one-hash': 'syn-flood',
  '46-web-losses': 'lossy-link',
  '47-fall-floyd': 'explicit-drops',
  '49-loss-and-rate': 'lossy-link',
  '50-ns3-dumbbell': 'dumbbell',
};

export function catalogue(): { labs: LabCard[]; topics: string[]; guided: GuidedCard[] } {
  return { labs: LABS.map(cardOf), topics: topicsOf(LABS), guided: guidedLabs().map(guidedCardOf) };
}

function cardOf(lab: Lab): LabCard {
  const { id, experiment, title, slide, topics, mechanisms, question, expected, lookFor, sources, chart } = lab;
  const cost = LAB_COSTS[id];
  const related = RELATED[id];
  return {
    id,
    number: experiment,
    title,
    slide,
    topics: [...topics],
    mechanisms: [...mechanisms],
    question,
    expected,
    lookFor,
    sources: [...sources],
    factors: lab.factors.map(({ name, label, unit, levels, quick }) => ({
      name,
      label,
      levels: [...levels],
      quick: [...(quick ?? levels)],
      ...(unit === undefined ? {} : { unit }),
    })),
    measures: lab.measures.map(({ name, label, unit }) => ({ name, label, unit })),
    chart: { x: chart.x, y: chart.y, lines: [...chart.lines], log: chart.log === true },
    replications: { ...lab.replications },
    points: { quick: pointsOf(lab, true).length, full: pointsOf(lab, false).length },
    ...(cost === undefined ? {} : { seconds: { quick: cost.quickSeconds, full: cost.fullSeconds } }),
    hasReference: lab.reference !== undefined,
    ...(lab.inTypeScript === undefined ? {} : { inTypeScript: { ...lab.inTypeScript } }),
    ...(related === undefined ? {} : { related }),
  };
}

function guidedCardOf(lab: GuidedLab): GuidedCard {
  const { id, title, topic, slides, minutes, goals, literature, experiments, steps } = lab;
  return {
    id,
    title,
    topic,
    slides,
    minutes,
    goals: goals.map(inlineHtmlOf),
    literature: literature.map(inlineHtmlOf),
    experiments: experiments ?? [],
    steps: steps.length,
    questions: questionsOf(lab).length,
  };
}
