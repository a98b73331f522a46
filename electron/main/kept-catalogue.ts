// The catalogue of labs as it was read the last time, so that the start page has it at once: reading it takes a process and a second. It is
// kept among the settings, for the program that read it only.

import type { Reply } from '../ipc';

type Catalogue = Reply<'labs.catalogue'>;

const KEPT = 'catalogue';

/** Where it is kept; the settings of the library. */
export interface Settings {
  setting(name: string): string | undefined;
  setSetting(name: string, value: string | undefined): void;
}

export class KeptCatalogue {
  /** @param stamp differs between programs whose labs may differ */
  constructor(
    private readonly settings: Settings,
    private readonly stamp: string,
  ) {}

  read(): Catalogue | undefined {
    const text = this.settings.setting(KEPT);
    if (text === undefined) return undefined;
    try {
      const { stamp, catalogue } = JSON.parse(text) as { stamp?: unknown; catalogue?: Catalogue };
      return stamp === this.stamp ? catalogue : undefined;
    } catch {
      return undefined;
    }
  }

  keep(catalogue: Catalogue): void {
    this.settings.setSetting(KEPT, JSON.stringify({ stamp: this.stamp, catalogue }));
  }
}
