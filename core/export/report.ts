// A report of experiments as plain data: what `report-html` writes as one page and `print` as PDF.

export interface ReportCheck {
  readonly name: string;
  readonly measured: string;
  readonly expected: string;
  readonly tolerance: string;
  readonly pass: boolean;
}

export interface ReportFigure {
  readonly svg: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly caption: string;
}

export interface ReportSection {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** What of the talk it is about. */
  readonly slide: string;
  readonly topics: readonly string[];
  readonly mechanisms: readonly string[];
  readonly question: string;
  readonly expected: string;
  readonly lookFor: string;
  readonly sources: readonly string[];
  readonly figures: readonly ReportFigure[];
  /** What dashed lines and bands are: short names and their sources. */
  readonly references: readonly { readonly label: string; readonly source: string }[];
  readonly checks: readonly ReportCheck[];
  /** All that was measured; cells as they are written. */
  readonly points: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** Names and values: command, seeds, time taken. */
  readonly provenance: readonly (readonly [string, string])[];
}

export interface Report {
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601, for the document's properties. */
  readonly createdAt: string;
  readonly provenance: readonly (readonly [string, string])[];
  readonly sections: readonly ReportSection[];
}

export function holds({ checks }: ReportSection): boolean {
  return checks.every(({ pass }) => pass);
}

/** `5 of 5 checks hold`. */
export function verdictText({ checks }: Pick<ReportSection, 'checks'>): string {
  const good = checks.filter(({ pass }) => pass).length;
  return `${String(good)} of ${String(checks.length)} checks hold`;
}

/** `34 of 36 labs hold; 201 of 204 checks`. */
export function summaryText({ sections }: Report): string {
  const checks = sections.flatMap((section) => section.checks);
  const labs = `${String(sections.filter(holds).length)} of ${String(sections.length)} labs hold`;
  return `${labs}; ${String(checks.filter(({ pass }) => pass).length)} of ${String(checks.length)} checks`;
}
