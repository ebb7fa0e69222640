/**
 * Loops and branches inside a trace, with derivatives.
 *
 * A loop or branch is one node on tfjs's tape, whose inputs include the tensors that its functions
 * close over. Its gradient is again a loop or branch, of gradients of the same functions; so it has
 * derivatives of any order. The functions are called anew for it, which is why what they close over
 * is kept until the trace ends.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Compiler, ScanLoop, ScanStep } from "../engine/mod.ts";
import { addToTape, isFloat, isTapeOn, offTape, pullBack } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";

/** The first `counts[0]` items, the next `counts[1]`, and so on. */
function splitAt<T>(items: readonly T[], counts: readonly number[]): T[][] {
  let next = 0;
  return counts.map((count) => items.slice(next, next += count));
}

/** Gradients by all of `like`: those given for its floats, in order, and zeros for the others. */
function withZeros(like: readonly Tensor[], floats: readonly Tensor[]): Tensor[] {
  let next = 0;
  return like.map((x) => isFloat(x) ? floats[next++]! : tf.zeros(x.shape));
}

/** The items in the places where `like` has floats. */
function inFloatPlaces<T>(items: readonly T[], like: readonly Tensor[]): T[] {
  return items.filter((_, i) => isFloat(like[i]!));
}

/** Records a scan; the results are the last carry, then the stacked results of the steps. */
export function recordScan(compiler: Compiler, loop: ScanLoop, step: ScanStep): Tensor[] {
  if (!isTapeOn()) return compiler.scan(loop, step).results;
  const { init } = loop;
  const xs = loop.xs.map((x) => tf.clone(x));
  // The backward pass starts each step from the carry that it had.
  const saving: ScanStep = (carry, x) => {
    const [next, y] = step(carry, x);
    return [next, [...y, ...carry]];
  };
  const { results, captured } = offTape(() => compiler.scan({ ...loop, xs }, saving));
  const count = results.length - init.length;
  const carries = results.slice(count);
  compiler.keepInTrace([...xs, ...captured, ...carries]);
  const reads = captured.filter(isFloat);
  addToTape("Scan", [...init, ...xs, ...reads], results, (dys) => {
    const outputs = results.slice(0, count);
    const grads = pullBackScan(compiler, { ...loop, xs }, step, { carries, reads, outputs, dys });
    const own = withZeros([...init, ...xs], grads);
    return [...own, ...grads.slice(grads.length - reads.length)];
  });
  return results.slice(0, count);
}

/**
 * Values of the forward pass that the backward pass of a scan needs, and the cotangents of its
 * results.
 */
interface ScanForward {
  /** The carry before each step, stacked. */
  readonly carries: readonly Tensor[];
  /** Float tensors that the step closes over. */
  readonly reads: readonly Tensor[];
  /** The last carry and the results. */
  readonly outputs: readonly Tensor[];
  /** Cotangents of the outputs, and of the carries. */
  readonly dys: readonly Tensor[];
}

/** Gradients by the floats of the first carry, by those of `xs`, and by what the step reads. */
function pullBackScan(
  compiler: Compiler,
  loop: ScanLoop,
  step: ScanStep,
  { carries, reads, outputs, dys }: ScanForward,
): Tensor[] {
  const { init, xs, reverse } = loop;
  const [dLast, dYs, dCarries] = splitAt(
    inFloatPlaces(dys, [...outputs, ...carries]),
    [
      init.filter(isFloat).length,
      outputs.slice(init.length).filter(isFloat).length,
      init.filter(isFloat).length,
    ],
  ) as [Tensor[], Tensor[], Tensor[]];
  const sizes = [carries.length, xs.length, dYs.length, dCarries.length];
  const counts = [dLast.length, xs.filter(isFloat).length, reads.length];
  const backward: ScanStep = (state, row) => {
    const [carry, x, dy, dCarry] = splitAt(row, sizes) as [Tensor[], Tensor[], Tensor[], Tensor[]];
    const [dNext, sums] = splitAt(state, [dLast.length, reads.length]) as [Tensor[], Tensor[]];
    const by = [...carry.filter(isFloat), ...x.filter(isFloat), ...reads];
    const f = (): Tensor[] => step(carry, x).flatMap((part) => part.filter(isFloat));
    const grads = pullBack(f, by, [...dNext, ...dy]);
    const [dBefore, dX, dReads] = splitAt(grads, counts) as [Tensor[], Tensor[], Tensor[]];
    const before = dBefore.map((d, i) => tf.add(d, dCarry[i]!));
    return [[...before, ...sums.map((sum, i) => tf.add(sum, dReads[i]!))], dX];
  };
  const grads = recordScan(compiler, {
    init: [...dLast, ...reads.map((read) => tf.zeros(read.shape))],
    xs: [...carries, ...xs, ...dYs, ...dCarries],
    length: loop.length,
    reverse: !reverse,
  }, backward);
  const [dInit, dReads, dXs] = splitAt(grads, [counts[0]!, counts[2]!, counts[1]!]);
  return [...dInit!, ...dXs!, ...dReads!];
}

/** Records a branch; its gradient computes the branch that was taken again. */
export function recordCond(
  compiler: Compiler,
  predicate: Tensor,
  ifTrue: () => readonly Tensor[],
  ifFalse: () => readonly Tensor[],
): Tensor[] {
  if (!isTapeOn()) return compiler.cond(predicate, ifTrue, ifFalse).results;
  const chosen = tf.clone(predicate);
  const { results, captured } = offTape(() => compiler.cond(chosen, ifTrue, ifFalse));
  compiler.keepInTrace([chosen, ...captured]);
  const reads = captured.filter(isFloat);
  addToTape("Cond", reads, results, (dys) => {
    const cotangents = inFloatPlaces(dys, results);
    const pull = (branch: () => readonly Tensor[]) => (): Tensor[] =>
      pullBack(() => branch().filter(isFloat), reads, cotangents);
    return recordCond(compiler, chosen, pull(ifTrue), pull(ifFalse));
  });
  return results;
}
