// A folder of hand-ins marked, as `odonata grade` marks it, with the files that it would leave.

import { BadInput } from '../../core/base';
import { markFolder, reportFiles } from '../../core/classroom';
import { guidedLabs } from '../../core/course';
import { readLabFolder } from '../../core/classroom';
import type { MarkedView, Reply } from '../ipc';

export interface MarkJob {
  readonly type: 'mark';
  readonly folder: string;
  readonly key?: string;
  /** Folders of labs that are not in the box. */
  readonly labFolders: readonly string[];
}

export type MarkReport =
  | {
      readonly type: 'marked';
      readonly view: NonNullable<Reply<'class.mark'>>;
      /** What `--out` leaves: names and texts. */
      readonly files: readonly { readonly name: string; readonly text: string }[];
    }
  | { readonly type: 'refused'; readonly reason: string; readonly advice: string };

export function markClass({ folder, key, labFolders }: MarkJob): MarkReport {
  try {
    const labs = [...labFolders.map(readLabFolder), ...guidedLabs()];
    const { marks, problems } = markFolder(folder, labs, key);
    const files = reportFiles(marks);
    const marked = marks.map(({ marked: each }, index): MarkedView => ({
      ...each,
      student: { ...each.student },
      tampered: [...each.tampered],
      notes: [...each.notes],
      marks: each.marks.map((mark) => ({ ...mark })),
      // The first file is marks.csv.
      report: files[index + 1]!.text,
    }));
    return { type: 'marked', view: { folder, marked, problems: [...problems] }, files };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const [first] = error.problems;
    return { type: 'refused', reason: first?.message ?? error.message, advice: first?.suggestion ?? '' };
  }
}
