// A line of the start page: something to begin with.

export interface Offer {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly detail: string | undefined;
  /** What it takes, or gives. */
  readonly note?: string;
}
