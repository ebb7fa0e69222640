/** What arguments must be, whichever function takes them. @module */
import { currentCompiler, isTracer, TracerError } from "../engine/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";
import { type TensorLike, toTensor } from "./to_tensor.ts";

/** What int32 can count. */
const MOST = 2 ** 31 - 1;

/** Fails unless a value can be a number of rows. */
export function checkCount(value: number, action: string, name: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= MOST) return;
  const got = typeof value === "number" ? String(value) : describe(value);
  throw new RangeError(
    `Cannot ${action} as ${name} must be a whole number of rows: got ${got} ` +
      `(pass 0 or more, below 2^31)`,
  );
}

/** Fails unless a value is a positive integer. */
export function checkPositiveInteger(
  value: unknown,
  action: string,
  name: string,
): asserts value is number {
  if (Number.isInteger(value) && (value as number) > 0) return;
  throw new RangeError(
    `Cannot ${action} as ${name} must be a positive integer: got ${describe(value)}`,
  );
}

/** Makes segment ids a tensor, int32 `[E]`. */
export function checkIds(segmentIds: TensorLike, action: string, name = "segmentIds"): Tensor {
  const ids = toTensor(segmentIds, name, "int32");
  if (ids.dtype === "int32" && ids.rank === 1) return ids;
  throw new TypeError(
    `Cannot ${action} as ${name} must be int32 of rank 1: got ${describe(ids)} ` +
      `(cast them with tf.cast(${name}, "int32"), flatten them with tf.reshape)`,
  );
}

/**
 * Fails inside `jit`, where the values of a tensor are not known yet, or would be frozen into the
 * program; `remedy` names the way round.
 */
export function checkReadable(tensor: Tensor, action: string, name: string, remedy: string): void {
  if (!isTracer(tensor)) return checkOnHost(action, remedy);
  throw new TracerError(
    `Cannot ${action} as inside jit values are not known yet: ${name} is a tracer, ` +
      `${describe(tensor)} (${remedy})`,
  );
}

/** Fails inside `jit`, for what is made of values on the host; `remedy` names the way round. */
export function checkOnHost(action: string, remedy: string): void {
  if (!currentCompiler()?.isTracing()) return;
  throw new TracerError(
    `Cannot ${action} as it is made on the host: got a call inside jit (${remedy})`,
  );
}
