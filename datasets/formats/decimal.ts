/** Numbers written in decimals, read from bytes. @module */

const MINUS = 45;
const PLUS = 43;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** Powers of ten that float64 has exactly. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** A number, and where it ends. */
export interface Decimal {
  readonly value: number;
  readonly end: number;
  /** Whether the value is exact: few enough digits, and no exponent was looked for. */
  readonly isPlain: boolean;
}

/** One object for all numbers, as millions are read. */
const found = { value: 0, end: 0, isPlain: false };

/**
 * Reads a sign, digits, and digits behind a point.
 *
 * @returns What was found; the next call writes over it. Where it is not plain, and where what
 *   comes behind is no separator, the word has to be read as a whole.
 */
export function readDecimal(bytes: Uint8Array, start: number): Decimal {
  let at = start;
  if (bytes[at] === MINUS || bytes[at] === PLUS) at++;
  const first = at;
  let mantissa = 0;
  let byte = bytes[at]!;
  for (; byte >= ZERO && byte <= NINE; byte = bytes[++at]!) mantissa = mantissa * 10 + byte - ZERO;
  let digits = at - first;
  let decimals = 0;
  if (byte === POINT) {
    const point = at++;
    byte = bytes[at]!;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at]!) {
      mantissa = mantissa * 10 + byte - ZERO;
    }
    decimals = at - point - 1;
    digits += decimals;
  }
  found.isPlain = digits > 0 && mantissa <= Number.MAX_SAFE_INTEGER && decimals <= 22;
  const value = found.isPlain ? mantissa / POWERS_OF_TEN[decimals]! : NaN;
  found.value = bytes[start] === MINUS ? -value : value;
  found.end = at;
  return found;
}
