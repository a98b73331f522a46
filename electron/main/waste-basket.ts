// How long what was removed can be taken back.

export const KEPT_MS = 20_000;
