/**
 * Float32 functions rounded step by step as XLA's compiled code rounds them on a CPU, so that the
 * host's random numbers are XLA's.
 *
 * @module
 */

const { fround } = Math;

/**
 * `a * b + c` of three float32 numbers, rounded once, as processors and JAX do it.
 *
 * The product is exact in float64. The sum may not be: where it was rounded to the midpoint of two
 * float32 numbers, the part that was lost decides between them.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const addend = sum - product;
  const lost = (product - (sum - addend)) + (c - addend);
  if (lost === 0 || !isMidpoint(sum)) return fround(sum);
  return fround(sum + Math.sign(lost) * Math.abs(sum) * Number.EPSILON);
}

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const LOW_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;

/**
 * Whether a number lies halfway between two float32 numbers: of 29 bits too many, the first is 1.
 */
function isMidpoint(value: number): boolean {
  float64[0] = value;
  return (words[LOW_WORD]! & 0x1fffffff) === 0x10000000;
}

/** A polynomial by Horner's rule, coefficients from the highest power down, one rounding a step. */
function polynomial(coefficients: Float32Array, x: number): number {
  let value = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) {
    value = fusedMultiplyAdd(value, x, coefficients[i]!);
  }
  return value;
}

// deno-fmt-ignore
const LOG1P_NUMERATOR = Float32Array.of(
  4.5270000862445199635215e-5, 4.9854102823193375972212e-1, 6.5787325942061044846969, 2.9911919328553073277375e1,
  6.0949667980987787057556e1, 5.7112963590585538103336e1, 2.0039553499201281259648e1,
);
// deno-fmt-ignore
const LOG1P_DENOMINATOR = Float32Array.of(
  1, 1.5062909083469192043167e1, 8.3047565967967209469434e1, 2.2176239823732856465394e2,
  3.0909872225312059774938e2, 2.1642788614495947685003e2, 6.0118660497603843919306e1,
);

/** log(1 + x): near 0 Cephes' x - x²/2 + x³ P(x)/Q(x), elsewhere the logarithm of the sum. */
function log1p(x: number): number {
  if (!(Math.abs(x) < fround(Math.SQRT2 - 1))) return log(fround(1 + x));
  const square = fround(x * x);
  const ratio = fround(polynomial(LOG1P_NUMERATOR, x) / polynomial(LOG1P_DENOMINATOR, x));
  return fround(x + fusedMultiplyAdd(square, -0.5, fround(fround(x * square) * ratio)));
}

/** One polynomial of degree 8, cut in three of degree 2 that processors evaluate side by side. */
const LOG_HIGH = Float32Array.of(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1);
const LOG_MIDDLE = Float32Array.of(-1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1);
const LOG_LOW = Float32Array.of(2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1);

/** The natural logarithm of a normal positive float32, by Cephes' polynomial in the mantissa. */
function log(value: number): number {
  if (!(value > 0 && value < Infinity)) return Math.log(value);
  let exponent = Math.floor(Math.log2(value)) + 1;
  let mantissa = value * 2 ** -exponent;
  if (mantissa < fround(Math.SQRT1_2)) {
    exponent -= 1;
    mantissa *= 2;
  }
  const x = mantissa - 1;
  const square = fround(x * x);
  const cube = fround(square * x);
  const upper = fusedMultiplyAdd(polynomial(LOG_HIGH, x), cube, polynomial(LOG_MIDDLE, x));
  const tail = fusedMultiplyAdd(upper, cube, polynomial(LOG_LOW, x));
  const small = fusedMultiplyAdd(tail, cube, fround(exponent * LN2_LOW));
  const sum = fround(fusedMultiplyAdd(square, -0.5, x) + small);
  return fusedMultiplyAdd(exponent, LN2_HIGH, sum);
}

/** ln 2 in two parts: products of the first with an exponent are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.12194440e-4);

// deno-fmt-ignore
const ERF_INV_CENTRAL = Float32Array.of(
  2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
  -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
);
// deno-fmt-ignore
const ERF_INV_TAIL = Float32Array.of(
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
  -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
);

/**
 * The inverse error function, by the two polynomials of Giles, "Approximating the erfinv function"
 * (GPU Computing Gems, 2011): ±Infinity at ±1, NaN outside [-1, 1].
 */
export function erfInv(x: number): number {
  if (Math.abs(x) === 1) return x * Infinity;
  const w = -log1p(fround(-x * x));
  const p = w < 5
    ? polynomial(ERF_INV_CENTRAL, fround(w - 2.5))
    : polynomial(ERF_INV_TAIL, fround(fround(Math.sqrt(w)) - 3));
  return fround(p * x);
}
