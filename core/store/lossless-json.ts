// JSON that gives back what it was given: columns of numbers (Float64Array), and numbers that JSON has no words for.

const COLUMN = '$float64';
const NUMBER = '$number';

/** Fields that are undefined are left out; all else comes back as it was. */
export function losslessJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one instanceof Float64Array) return { [COLUMN]: [...one].map((number) => plain(number) ?? wordOf(number)) };
    return typeof one === 'number' ? (plain(one) ?? { [NUMBER]: wordOf(one) }) : one;
  });
}

export function readLosslessJson(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    const { [COLUMN]: column, [NUMBER]: number } = one as Record<string, unknown>;
    if (Array.isArray(column)) return Float64Array.from(column, Number);
    return typeof number === 'string' ? Number(number) : one;
  });
}

/** A number that JSON can say; JSON takes the sign of a zero away. */
function plain(value: number): number | undefined {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined;
}

function wordOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
