// Whose turn it is: one at a time, the others in the order in which they came. Two experiments at once would share the processors, and
// both would take longer.

export class Turns {
  private readonly waiting: string[] = [];
  private current: string | undefined;

  /** @param begin is told whose turn it is now */
  constructor(private readonly begin: (id: string) => void) {}

  /** Nobody goes on. */
  get isFree(): boolean {
    return this.current === undefined;
  }

  waits(id: string): boolean {
    return this.waiting.includes(id);
  }

  want(id: string): void {
    if (this.current === id || this.waits(id)) return;
    this.waiting.push(id);
    this.next();
  }

  /** It has ended, or does not want any more. */
  leave(id: string): void {
    const place = this.waiting.indexOf(id);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.current !== id) return;
    this.current = undefined;
    this.next();
  }

  private next(): void {
    if (this.current !== undefined) return;
    this.current = this.waiting.shift();
    if (this.current !== undefined) this.begin(this.current);
  }
}
