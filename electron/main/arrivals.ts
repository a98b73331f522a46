// Files that the system gives: arguments of the program, of another start of it, drops on its icon. Each waits here until the window says
// that it has shown it, so one that arrives before there is a window, or while it loads again, is not lost.

import { BUNDLE_ENDING } from '../../core/store';
import type { Arrival, Brought, Reply } from '../ipc';

/** Who reads what. @throws what a person should know of a file that cannot be opened */
export interface Readers {
  readonly scenario: (path: string) => { path: string; name: string; text: string };
  readonly bundle: (path: string) => Promise<Brought>;
}

/** An entry without its number. */
type News<Kind = Arrival> = Kind extends Arrival ? Omit<Kind, 'id'> : never;

export class Arrivals {
  private readonly waiting: Arrival[] = [];
  private last = 0;

  /** @param changed tells the window that something waits */
  constructor(
    private readonly readers: Readers,
    private readonly changed: () => void,
  ) {}

  /** Reads a scenario or takes a bundle in; the window hears of it, or why it could not be. */
  async open(path: string): Promise<void> {
    const news = await this.read(path);
    this.last += 1;
    this.waiting.push({ ...news, id: this.last });
    this.changed();
  }

  list(): Reply<'arrivals.list'> {
    return [...this.waiting];
  }

  /** The window has shown it. */
  seen(id: number): void {
    const at = this.waiting.findIndex((one) => one.id === id);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private async read(path: string): Promise<News> {
    try {
      if (path.endsWith(BUNDLE_ENDING)) return { kind: 'bundle', ...(await this.readers.bundle(path)) };
      return { kind: 'scenario', ...this.readers.scenario(path) };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const advice = error instanceof Error && 'advice' in error ? error.advice : undefined;
      return { kind: 'refused', text, ...(typeof advice === 'string' ? { advice } : {}) };
    }
  }
}

/** The scenario or the bundle among the words of a command line. */
export function fileAmong(words: readonly string[]): string | undefined {
  return words.find((word) => /\.(json|odonata)$/.test(word) && !word.startsWith('-'));
}
