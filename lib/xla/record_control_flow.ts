/**
 * Loops and branches inside a trace: their functions are called once, with tracers, and what the
 * kernels record becomes regions of one node.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { ControlFlowResult, ScanLoop, ScanStep } from "../engine/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";
import type { XlaBackend } from "./backend.ts";
import {
  caseNode,
  currentId,
  hlo,
  type HloNode,
  parameterLike,
  type Region,
  release,
  retain,
  whileNode,
} from "./hlo/mod.ts";
import { noteReads, watchReads } from "./reads.ts";
import { registeredVariables } from "../tfjs/mod.ts";

/** Records a loop whose state is a counter, the carry, and an array for each result. */
export function recordScan(backend: XlaBackend, loop: ScanLoop, step: ScanStep): ControlFlowResult {
  const { length, reverse } = loop;
  const recorder = new RegionRecorder(backend);
  const [init, xs] = [recorder.read(loop.init), recorder.read(loop.xs)];
  const counter = parameterLike({ shape: [], type: "i32" });
  const carry = init.map(parameterLike);
  const at = reverse ? hlo.sub(hlo.like(counter, length - 1), counter) : counter;
  const rows = xs.map((x) => hlo.rowAt(x, at));
  const outputs = recorder.call([...carry, ...rows], (tensors) => {
    const [next, y] = step(tensors.slice(0, carry.length), tensors.slice(carry.length));
    return [...next, ...y];
  });
  const arrays = outputs.slice(carry.length).map(({ shape, type }) =>
    parameterLike({ shape: [length, ...shape], type })
  );
  const state = [counter, ...carry, ...arrays];
  const next = [
    hlo.add(counter, hlo.like(counter, 1)),
    ...outputs.slice(0, carry.length),
    ...arrays.map((array, i) => hlo.withRow(array, outputs[carry.length + i]!, at)),
  ];
  const more = hlo.compare("LT", counter, hlo.like(counter, length));
  const start = [
    hlo.constant(0, [], "i32"),
    ...init,
    ...arrays.map(({ shape, type }) => hlo.constant(0, shape, type)),
  ];
  return recorder.finish((firstId) =>
    whileNode(
      start,
      { parameters: state, outputs: [more] },
      { parameters: state, outputs: next },
      firstId,
    ).slice(1)
  );
}

/** Records a loop that ends when a condition on its state does not hold. */
export function recordWhile(
  backend: XlaBackend,
  init: readonly Tensor[],
  condition: (carry: Tensor[]) => Tensor,
  body: (carry: Tensor[]) => readonly Tensor[],
): ControlFlowResult {
  const recorder = new RegionRecorder(backend);
  const start = recorder.read(init);
  const parameters = start.map(parameterLike);
  const test = recorder.call(parameters, (carry) => [condition(carry)]);
  const next = recorder.call(parameters, body);
  return recorder.finish((firstId) =>
    whileNode(start, { parameters, outputs: test }, { parameters, outputs: next }, firstId)
  );
}

/** Records two branches, of which a bool scalar chooses. */
export function recordCond(
  backend: XlaBackend,
  predicate: Tensor,
  ifTrue: () => readonly Tensor[],
  ifFalse: () => readonly Tensor[],
): ControlFlowResult {
  const recorder = new RegionRecorder(backend);
  const [chosen] = recorder.read([predicate]);
  const region = (branch: () => readonly Tensor[]): Region => ({
    parameters: [],
    outputs: recorder.call([], branch),
  });
  const taken = region(ifTrue);
  const branches = [region(ifFalse), taken];
  return recorder.finish((firstId) =>
    taken.outputs.length === 0 ? [] : caseNode(hlo.convert(chosen!, "i32"), branches, firstId)
  );
}

/** Calls the functions of one loop or branch, and holds what they record until it is a node. */
class RegionRecorder {
  readonly #backend: XlaBackend;
  readonly #firstId = currentId();
  readonly #captured = new Set<Tensor>();
  readonly #held: HloNode[] = [];

  constructor(backend: XlaBackend) {
    this.#backend = backend;
  }

  /** The nodes of operands. */
  read(tensors: readonly Tensor[]): HloNode[] {
    noteReads(tensors);
    return tensors.map((tensor) => this.#backend.node(tensor));
  }

  /** The nodes of a function's results, when it is given tensors that show `nodes`. */
  call(
    nodes: readonly HloNode[],
    fn: (tensors: Tensor[]) => readonly Tensor[],
  ): HloNode[] {
    const engine = tf.engine();
    const variables = variableData();
    let outputs: HloNode[] = [];
    engine.tidy("loop or branch", () => {
      watchReads(this.#captured, () => {
        const tensors = nodes.map((node) =>
          engine.makeTensorFromTensorInfo(this.#backend.show(node))
        );
        const results = fn(tensors);
        noteReads(results);
        outputs = results.map((result) => this.#backend.node(result));
        outputs.forEach(retain);
        this.#held.push(...outputs);
      });
    });
    refuseAssignments(variables);
    return outputs;
  }

  /** Makes the node, and tensors of its results. */
  finish(make: (firstId: number) => HloNode[]): ControlFlowResult {
    const results = make(this.#firstId).map((node) =>
      tf.engine().makeTensorFromTensorInfo(this.#backend.show(node))
    );
    this.#held.forEach(release);
    return { results, captured: [...this.#captured] };
  }
}

function variableData(): Map<tf.Variable, object> {
  return new Map(registeredVariables().map((variable) => [variable, variable.dataId]));
}

/** A variable would show a value of one step, of which nothing outside the loop knows. */
function refuseAssignments(before: ReadonlyMap<tf.Variable, object>): void {
  for (const [variable, dataId] of before) {
    if (variable.dataId === dataId) continue;
    throw new TypeError(
      `Cannot assign a variable inside the body of a loop or branch in jit as it has no value ` +
        `outside it: ${variable.name} ${formatShape(variable.shape)} (make it part of what the ` +
        `body takes and returns)`,
    );
  }
}
