// The oldest Node that everything here was tried with.

import { SetupError } from './steps.mjs';

const OLDEST = [20, 19];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new SetupError(`Node ${process.versions.node} is too old; install Node ${OLDEST.join('.')} or newer`);
}
