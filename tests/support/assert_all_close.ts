/** Compares tensors, trees of tensors and plain arrays within a tolerance. @module */
import { AssertionError } from "@std/assert";
import { describe, formatShape, isTensor } from "../../lib/tree/mod.ts";

/** How close two numbers must be: `|actual - expected| <= atol + rtol * |expected|`. */
export interface CloseOptions {
  readonly rtol?: number;
  readonly atol?: number;
}

interface Values {
  /** Null for a typed array, which has values but no shape of its own. */
  readonly shape: readonly number[] | null;
  readonly dtype: string | null;
  readonly data: ArrayLike<number>;
}

const isTypedArray = (value: unknown): value is ArrayLike<number> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Numbers, booleans, and nested arrays of them. */
function isLiteral(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" ||
    Array.isArray(value) && value.every(isLiteral);
}

function toValues(value: unknown): Values | null {
  if (isTensor(value)) return { shape: value.shape, dtype: value.dtype, data: value.dataSync() };
  if (isTypedArray(value)) return { shape: null, dtype: null, data: value };
  if (!isLiteral(value)) return null;
  const shape: number[] = [];
  for (let v = value; Array.isArray(v); v = v[0]) shape.push(v.length);
  const data = Array.isArray(value) ? value.flat(Infinity).map(Number) : [Number(value)];
  return { shape, dtype: null, data };
}

function fail(path: string, what: string): never {
  throw new AssertionError({ message: `Not close${path && ` at ${path}`}: ${what}` });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (formatShape(a) === formatShape(b)) return true;
  // A literal cannot write the dimensions that follow a zero: [] stands for [0, 3] too.
  const size = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);
  return size(a) === 0 && size(b) === 0 && a[0] === b[0] && Math.min(a.length, b.length) === 1;
}

function compareValues(actual: Values, expected: Values, path: string, options: CloseOptions) {
  const { rtol = 1e-5, atol = 1e-6 } = options;
  if (actual.dtype && expected.dtype && actual.dtype !== expected.dtype) {
    fail(path, `dtype ${actual.dtype}, expected ${expected.dtype}`);
  }
  if (actual.shape && expected.shape && !sameShape(actual.shape, expected.shape)) {
    fail(path, `shape ${formatShape(actual.shape)}, expected ${formatShape(expected.shape)}`);
  }
  if (actual.data.length !== expected.data.length) {
    fail(path, `${actual.data.length} values, expected ${expected.data.length}`);
  }
  for (let i = 0; i < expected.data.length; i++) {
    const [a, e] = [actual.data[i]!, expected.data[i]!];
    if (a === e || Number.isNaN(a) && Number.isNaN(e)) continue;
    const close = Math.abs(a - e) <= atol + rtol * Math.abs(e) && Number.isFinite(e);
    if (!close) fail(path, `value ${i} is ${a}, expected ${e} (rtol ${rtol}, atol ${atol})`);
  }
}

function compare(actual: unknown, expected: unknown, path: string, options: CloseOptions): void {
  if (actual === null || expected === null) {
    if (actual !== expected) fail(path, `got ${describe(actual)}, expected ${describe(expected)}`);
    return;
  }
  const [a, e] = [toValues(actual), toValues(expected)];
  if (a && e) return compareValues(a, e, path, options);
  const nests = [actual, expected].every((v) =>
    typeof v === "object" && !isTensor(v) && !isTypedArray(v)
  );
  if (!nests || Array.isArray(actual) !== Array.isArray(expected)) {
    fail(path, `got ${describe(actual)}, expected ${describe(expected)}`);
  }
  const keys = (value: unknown): string[] => Object.keys(value as object).sort();
  if (keys(actual).join() !== keys(expected).join()) {
    fail(path, `got keys {${keys(actual)}}, expected {${keys(expected)}}`);
  }
  for (const key of keys(expected)) {
    const inner = path === "" ? key : `${path}.${key}`;
    const [x, y] = [actual, expected] as Record<string, unknown>[];
    compare(x![key], y![key], inner, options);
  }
}

/**
 * Fails unless two tensors, or trees of tensors, have equal structure, shapes and (where both are
 * tensors) dtypes, and values within `atol + rtol * |expected|`; NaN equals NaN.
 *
 * Numbers, nested arrays and typed arrays stand for tensors on either side; a typed array has no
 * shape to compare.
 */
export function assertAllClose(
  actual: unknown,
  expected: unknown,
  options: CloseOptions = {},
): void {
  compare(actual, expected, "", options);
}
