// The typeface of figures: Source Sans 3 (SIL Open Font Licence), embedded in PDF and drawn in PNG.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Bundled code has `__filename`; tests run as modules and have not. */
const require_ = createRequire(typeof __filename === 'string' ? __filename : join(process.cwd(), 'package.json'));

const REGULAR = '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf';
const SEMIBOLD = '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf';

/** Paths of the font files. */
export function fontFiles(): { regular: string; semibold: string } {
  return { regular: require_.resolve(REGULAR), semibold: require_.resolve(SEMIBOLD) };
}

/** Bytes of the font files. */
export function fontBytes(): { regular: Buffer; semibold: Buffer } {
  const files = fontFiles();
  return { regular: readFileSync(files.regular), semibold: readFileSync(files.semibold) };
}
