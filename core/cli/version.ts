// The program's version, from package.json when the bundle is made.

import { version } from '../../package.json';

export const VERSION: string = version;
