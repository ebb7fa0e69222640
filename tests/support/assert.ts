/**
 * The part of `@std/assert` that this project's tests and examples use, over `node:assert/strict`.
 *
 * The import map points `@std/assert` here, so that the tests need nothing but npm; outside, the
 * map entry can point at `jsr:@std/assert` and nothing else changes.
 *
 * @module
 */
import nodeAssert, { AssertionError } from "node:assert/strict";

export { AssertionError };

/** Fails unless `condition` is truthy. */
export function assert(condition: unknown, message?: string): asserts condition {
  if (!condition) throw new AssertionError({ message: message ?? "Expected a truthy value" });
}

/** Fails if `condition` is truthy. */
export function assertFalse(condition: unknown, message?: string): void {
  if (condition) throw new AssertionError({ message: message ?? "Expected a falsy value" });
}

/** Fails unless both values are deeply and strictly equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, message);
}

/** Fails if both values are deeply and strictly equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, message);
}

/** Fails unless both are the same value or reference (`Object.is`). */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): void {
  nodeAssert.strictEqual(actual, expected, message);
}

/** Fails if `actual` is null or undefined. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  if (actual === null || actual === undefined) {
    throw new AssertionError({ message: message ?? `Expected a value, got ${actual}` });
  }
}

/** Fails unless `actual` is within `tolerance` of `expected` (default 1e-7 relative). */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Math.max(1e-7, Math.abs(expected) * 1e-7),
  message?: string,
): void {
  if (Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance) return;
  throw new AssertionError({
    message: message ?? `Expected ${actual} to be within ${tolerance} of ${expected}`,
  });
}

/** Fails unless `actual` is greater than `expected`. */
export function assertGreater(actual: number, expected: number, message?: string): void {
  if (!(actual > expected)) {
    throw new AssertionError({ message: message ?? `Expected ${actual} > ${expected}` });
  }
}

/** Fails unless `actual` is less than `expected`. */
export function assertLess(actual: number, expected: number, message?: string): void {
  if (!(actual < expected)) {
    throw new AssertionError({ message: message ?? `Expected ${actual} < ${expected}` });
  }
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) {
    throw new AssertionError({
      message: message ?? `Expected the text to include "${expected}", got "${actual}"`,
    });
  }
}

/** Fails unless `actual` matches the pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.match(actual, expected, message);
}

/** Fails unless `value` is an instance of `type`. */
export function assertInstanceOf<T>(
  value: unknown,
  // deno-lint-ignore no-explicit-any
  type: abstract new (...args: any[]) => T,
  message?: string,
): asserts value is T {
  if (!(value instanceof type)) {
    throw new AssertionError({ message: message ?? `Expected an instance of ${type.name}` });
  }
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function checkError<E extends Error>(error: unknown, type?: ErrorClass<E>, includes?: string): E {
  if (type && !(error instanceof type)) {
    const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new AssertionError({ message: `Expected ${type.name}, got ${got}` });
  }
  if (includes !== undefined) assertStringIncludes((error as Error).message, includes);
  return error as E;
}

/** Fails unless `fn` throws an error of the given class whose message includes the text. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  type?: ErrorClass<E>,
  includes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, type, includes);
  }
  throw new AssertionError({
    message: `Expected the function to throw ${type?.name ?? "an error"}`,
  });
}

/** Fails unless `fn` rejects with an error of the given class whose message includes the text. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  type?: ErrorClass<E>,
  includes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, type, includes);
  }
  throw new AssertionError({
    message: `Expected the promise to reject with ${type?.name ?? "an error"}`,
  });
}
