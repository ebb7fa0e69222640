/**
 * Watching which tensors kernels read: so a loop's body shows what it closes over.
 *
 * @module
 */
import { tfjsEngine } from "../tfjs/mod.ts";
import { isTensor, type Tensor } from "../tree/mod.ts";

interface Watch {
  /** Tensors with smaller ids were there before the watch began. */
  readonly firstTensor: number;
  readonly tensors: Set<Tensor>;
}

const watches: Watch[] = [];

/** An id that no tensor has yet; ids grow, so this marks a moment. */
export function markTensors(): number {
  return tfjsEngine().nextTensorId();
}

/** Called with the inputs of each kernel that runs. */
export function noteReads(inputs: readonly unknown[]): void {
  if (watches.length === 0) return;
  for (const input of inputs) {
    if (!isTensor(input)) continue;
    for (const { firstTensor, tensors } of watches) {
      if (input.id < firstTensor) tensors.add(input);
    }
  }
}

/** Calls a function and collects what its kernels read of the tensors that there were before. */
export function watchReads<T>(into: Set<Tensor>, fn: () => T): T {
  watches.push({ firstTensor: markTensors(), tensors: into });
  try {
    return fn();
  } finally {
    watches.pop();
  }
}
