// Nominal types over plain numbers and strings: one declaration, no run-time cost.

declare const brandKey: unique symbol;

/** A `Base` that only its maker can produce; it still reads and computes as a `Base`. */
export type Brand<Base, Name extends string> = Base & { readonly [brandKey]: Name };
