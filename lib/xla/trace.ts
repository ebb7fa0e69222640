/**
 * The compiler behind `jit`: calls a function once with tracers and makes one program of what its
 * kernels record.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Compiler, TraceOptions } from "../engine/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";
import { XlaBackend } from "./backend.ts";
import { recordCond, recordScan, recordWhile } from "./record_control_flow.ts";
import { currentId, type HloNode, retain } from "./hlo/mod.ts";
import { Program, type TracedGraph } from "./program.ts";
import { markTensors, watchReads } from "./reads.ts";
import { withoutHostRandom } from "./refuse_random.ts";
import { registeredVariables, tidy } from "../tfjs/mod.ts";

/** A variable at the start of a trace: what it showed, to be put back afterwards. */
interface WatchedVariable {
  readonly variable: tf.Variable;
  readonly original: Tensor;
}

/** A running trace: tensors of this id and later are its own; some of them live until it ends. */
interface TraceScope {
  readonly firstTensor: number;
  readonly kept: Tensor[];
}

/** Makes the compiler of a backend. */
export function createCompiler(backend: XlaBackend): Compiler {
  let depth = 0;
  let scope: TraceScope = { firstTensor: Infinity, kept: [] };
  return {
    isTracing: () => depth > 0,
    isTracer: (tensor) =>
      backend.data.has(tensor.dataId) && backend.data.get(tensor.dataId).node?.traced === true,
    trace(args, body, options) {
      depth++;
      const outer = scope;
      scope = { firstTensor: markTensors(), kept: [] };
      try {
        const graph = record(backend, args, body, options);
        return new Program(backend, graph, options);
      } finally {
        tf.dispose(scope.kept);
        scope = outer;
        depth--;
      }
    },
    keepInTrace(tensors) {
      for (const tensor of tensors) {
        if (tensor.id < scope.firstTensor || tensor.kept) continue;
        scope.kept.push(tf.keep(tensor));
      }
    },
    watch(fn) {
      const captured = new Set<Tensor>();
      const results = tidy(() => watchReads(captured, () => fn().map((x) => tf.clone(x))));
      return { results, captured: [...captured] };
    },
    after: (tensors, others, fn) => backend.showAfter(tensors, others, fn),
    scan: (loop, step) => recordScan(backend, loop, step),
    whileLoop: (init, condition, body) => recordWhile(backend, init, condition, body),
    cond: (predicate, ifTrue, ifFalse) => recordCond(backend, predicate, ifTrue, ifFalse),
  };
}

/** Calls the function with tracers; variables show what they showed before when it returns. */
function record(
  backend: XlaBackend,
  args: readonly Tensor[],
  body: (tracers: Tensor[]) => Tensor[],
  { replicas }: TraceOptions,
): TracedGraph {
  const watched = watchVariables();
  const originals = new Map(
    watched.filter(({ original }) => backend.data.has(original.dataId))
      .map(({ original, variable }) => [backend.pin(original), variable]),
  );
  const nodes = args.map((arg) => backend.node(arg));
  const firstId = currentId();
  const rank = replicas?.axes.length ?? 0;
  const parameters = nodes.map(({ shape, type }) =>
    XlaBackend.parameter({ shape: shape.slice(rank), type }, backend)
  );
  const engine = tf.engine();
  const outputs: HloNode[] = [];
  const assigned: tf.Variable[] = [];
  try {
    engine.tidy("jit", () => {
      const tracers = parameters.map((node) => engine.makeTensorFromTensorInfo(backend.show(node)));
      const results = withoutHostRandom(() => body(tracers));
      refuseNewVariables(watched);
      outputs.push(...results.map((result) => backend.node(result)));
      for (const { variable, original } of watched) {
        if (variable.dataId === original.dataId) continue;
        if (replicas) throw assignedByEach(variable);
        outputs.push(backend.node(variable));
        assigned.push(variable);
      }
      outputs.forEach(retain);
    });
  } finally {
    for (const { variable, original } of watched) {
      if (variable.dataId !== original.dataId) variable.assign(original);
      original.dispose();
    }
  }
  return { parameters, outputs, assigned, variables: originals, firstId };
}

/** A variable made by the function would be another one, with its first value, at each call. */
function refuseNewVariables(watched: readonly WatchedVariable[]): void {
  const known = new Set(watched.map(({ variable }) => variable));
  const made = registeredVariables().filter((variable) => !known.has(variable));
  const [first] = made;
  if (!first) return;
  made.forEach((variable) => variable.dispose());
  throw new TypeError(
    `Cannot compile a function as it makes a variable that it does not dispose: ${first.name} ` +
      `${first.dtype} ${formatShape(first.shape)} would begin anew at each call (make it before; ` +
      `for an optimizer of tf.train, which makes variables when it is first used, take adam() or ` +
      `sgd() of this library)`,
  );
}

function watchVariables(): WatchedVariable[] {
  return registeredVariables().map((variable) => ({
    variable,
    original: tf.keep(variable.clone()),
  }));
}

function assignedByEach({ name, shape }: tf.Variable): TypeError {
  return new TypeError(
    `Cannot assign a variable inside pmap as each replica would give it another value: ` +
      `${name} ${formatShape(shape)} (return the value, and assign it outside)`,
  );
}
