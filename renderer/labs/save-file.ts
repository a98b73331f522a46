// Takes a figure or a table home: to a file chosen in a dialog, whose path is told.

import type { FigurePreset } from '../../core/export';
import type { Request } from '../../electron/ipc';
import { attempt, call, tell } from '../shared';

type Saved = Pick<Request<'figures.save'>, 'format' | 'content' | 'suggestedName'>;

const PNG_DPI = 300;
/** Tables have none. */
const NO_SIZE = { widthMm: 1, heightMm: 1 };

export async function saveFile(
  what: 'Figure' | 'Table',
  file: Saved,
  { widthMm, heightMm }: Pick<FigurePreset, 'widthMm' | 'heightMm'> = NO_SIZE,
): Promise<void> {
  const saved = await attempt(() => call('figures.save', { ...file, widthMm, heightMm, dpi: PNG_DPI }));
  if (saved !== undefined) tell('info', `${what} saved to ${saved.path}`);
}
