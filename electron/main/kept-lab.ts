// A result of a lab, as the window knows it.

import type { LabRow } from '../../core/store';
import type { KeptLab } from '../ipc';

export function keptLabOf(row: LabRow): KeptLab {
  const { lab, quick, seeds, checks, failed, ranAt, seconds, program, diskBytes } = row;
  return { id: lab, quick, seeds, checks, failed, ranAt, seconds, program, diskBytes };
}
