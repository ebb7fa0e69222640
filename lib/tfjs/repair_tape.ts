/**
 * Repairs the order of TensorFlow.js's gradient tape, so that gradients of gradients are right.
 *
 * When a kernel saves its own output for its gradient, tfjs 4.22 records the clone of that output
 * on the tape before the kernel itself. Walking such a tape finds no path from the input through
 * the saved output, so `grad(grad(f))` throws for tanh, exp, sigmoid, elu and softmax, and is
 * silently wrong where another path exists. Here the kernel's node goes in front of every node that
 * consumes its outputs.
 *
 * @module
 */
import { repairOnce, type TapeNode } from "./internals.ts";

/** Moves the last node of the tape in front of the nodes that consume its outputs. */
function sinkLastNode(tape: TapeNode[]): void {
  const last = tape.length - 1;
  const node = tape[last]!;
  const oldest = Math.min(...node.outputs.map(({ id }) => id));
  // Only clones made while the kernel ran can consume its outputs: they are the newest nodes, and
  // what they give is newer than what the kernel gave.
  let at = last;
  for (let i = last - 1; i >= 0 && i >= last - MAX_CLONES; i--) {
    if (!tape[i]!.outputs.some(({ id }) => id > oldest)) break;
    if (consumesOutput(tape[i]!, node)) at = i;
  }
  if (at === last) return;
  tape.pop();
  tape.splice(at, 0, node);
}

/** Whether a node takes what another gives. */
function consumesOutput({ inputs }: TapeNode, { outputs }: TapeNode): boolean {
  for (const name in inputs) {
    if (outputs.some(({ id }) => id === inputs[name]!.id)) return true;
  }
  return false;
}

/** More outputs than any kernel saves (SplitV saves none; the rest save at most a few). */
const MAX_CLONES = 16;

/**
 * Repairs the tape of the TensorFlow.js engine that this library imports; further calls do nothing.
 */
export function repairTape(): void {
  repairOnce("tape", (engine) => {
    const { addTapeNode } = engine;
    engine.addTapeNode = function (...args): void {
      addTapeNode.apply(this, args);
      if (this.state.activeTape?.length) sinkLastNode(this.state.activeTape);
    };
  });
}
