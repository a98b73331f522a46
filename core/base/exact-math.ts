// Logarithm, exponential, power and cube root from additions, multiplications and divisions only.
// ECMAScript leaves the last bits of Math.log, Math.exp, Math.pow and Math.cbrt to the engine; IEEE 754
// fixes + - * / and Math.sqrt. Results that enter a digest use these, so that every machine, Node and
// Electron compute the same bits. Accuracy: a few units in the last place, which no result depends on.

const LN2_HI = 6.9314718036912381649e-1;
const LN2_LO = 1.90821492927058770002e-10;
const LN2 = 0.6931471805599453;

const bits = new DataView(new ArrayBuffer(8));

/** `m * 2^e` with `e` in the range of normal doubles. */
function scale(m: number, e: number): number {
  bits.setUint32(0, (e + 1023) << 20);
  bits.setUint32(4, 0);
  return m * bits.getFloat64(0);
}

/** Natural logarithm of a normal positive double. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return Infinity;
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = ((high >>> 20) & 0x7ff) - 1023;
  bits.setUint32(0, (high & 0x000f_ffff) | 0x3ff0_0000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh(s), s = (m - 1)/(m + 1), |s| < 0.1716: 11 terms reach the last bit.
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum = 0;
  for (let k = 21; k >= 3; k -= 2) sum = (sum + 1 / k) * s2;
  return exponent * LN2_HI + (exponent * LN2_LO + 2 * (s + s * sum));
}

/** e to the power `x`; 0 below and Infinity above the range of doubles. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.7) return Infinity;
  if (x < -708.3) return 0;
  const k = Math.round(x / LN2);
  const r = x - k * LN2_HI - k * LN2_LO;
  let sum = 1;
  for (let n = 14; n >= 1; n -= 1) sum = 1 + (sum * r) / n;
  return scale(sum, k);
}

/** `base` to the power `exponent`, for a positive base. */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  return base === 0 ? 0 : exp(exponent * ln(base));
}

/** Real cube root, by Newton's method from an exponent-third start. */
export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const magnitude = Math.abs(x);
  let y = exp(ln(magnitude) / 3);
  for (let i = 0; i < 3; i += 1) y -= (y * y * y - magnitude) / (3 * y * y);
  return x < 0 ? -y : y;
}
