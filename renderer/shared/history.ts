// Undo and redo: the documents before and after each edit. Documents are immutable and share their parts, so a step
// costs what it changed. Edits with the same key in a row (typing into one field) are one step.

export interface Step<T> {
  readonly label: string;
  readonly key: string | undefined;
  readonly before: T;
  readonly after: T;
}

const STEPS_MAX = 500;

export class History<T> {
  private readonly done: Step<T>[] = [];
  private readonly undone: Step<T>[] = [];

  /** Notes an edit; forgets what had been undone. */
  note(step: Step<T>): void {
    this.undone.length = 0;
    const last = this.done[this.done.length - 1];
    if (last !== undefined && step.key !== undefined && last.key === step.key) {
      this.done[this.done.length - 1] = { ...step, before: last.before };
      return;
    }
    this.done.push(step);
    if (this.done.length > STEPS_MAX) this.done.shift();
  }

  /** The document before the last edit, or undefined when there is none. */
  undo(): T | undefined {
    const step = this.done.pop();
    if (step === undefined) return undefined;
    this.undone.push(step);
    return step.before;
  }

  redo(): T | undefined {
    const step = this.undone.pop();
    if (step === undefined) return undefined;
    this.done.push(step);
    return step.after;
  }

  get undoLabel(): string | undefined {
    return this.done[this.done.length - 1]?.label;
  }

  get redoLabel(): string | undefined {
    return this.undone[this.undone.length - 1]?.label;
  }

  clear(): void {
    this.done.length = 0;
    this.undone.length = 0;
  }
}
