// Names with slashes between their parts (`cpu/web/0/busy`), and patterns for them.

/** Whether a name fits a pattern in which any part may be `*`; a lone `*` fits every name. */
export function fitsPattern(name: string, pattern: string): boolean {
  if (pattern === '*' || pattern === name) return true;
  const wanted = pattern.split('/');
  const parts = name.split('/');
  return wanted.length === parts.length && wanted.every((part, at) => part === '*' || part === parts[at]);
}
