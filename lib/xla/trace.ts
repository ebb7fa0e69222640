/**
 * The compiler behind `jit`: calls a function once with tracers and makes one program of what its
 * kernels record.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  type CompiledProgram,
  type Compiler,
  EngineError,
  type TraceOptions,
  TracerError,
} from "../engine/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { XlaBackend } from "./backend.ts";
import { recordCond, recordScan, recordWhile } from "./control.ts";
import {
  type Argument,
  currentId,
  type HloNode,
  isOp,
  printModule,
  release,
  retain,
  sameShape,
  topologicalOrder,
  verify,
} from "./hlo/mod.ts";
import { optimize } from "./passes/mod.ts";
import { DeferredCall, LazyExecutable } from "./deferred_call.ts";
import type { PjrtBuffer } from "./pjrt/mod.ts";
import { markTensors } from "./reads.ts";
import { withoutHostRandom } from "./refuse_random.ts";
import { registeredVariables } from "./variables.ts";

/** A variable at the start of a trace: what it showed, to be put back afterwards. */
interface WatchedVariable {
  readonly variable: tf.Variable;
  readonly original: Tensor;
}

/** What a trace recorded. */
interface Recording {
  readonly parameters: readonly HloNode[];
  /** Results of the function, then the new values of variables that it assigned. */
  readonly outputs: readonly HloNode[];
  readonly assigned: readonly tf.Variable[];
  /** The variable that each hoisted node belonged to; the rest are plain closures. */
  readonly variables: ReadonlyMap<HloNode, tf.Variable>;
  /** Nodes of this id and later were recorded by the trace. */
  readonly firstId: number;
}

/** Where a program takes an argument from, at each call. */
type Source =
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "variable"; readonly variable: tf.Variable }
  | { readonly kind: "captured"; readonly node: HloNode };

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
        const recording = record(backend, args, body);
        return new Program(backend, recording, options);
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
): Recording {
  const watched = watchVariables();
  const originals = new Map(
    watched.filter(({ original }) => backend.data.has(original.dataId))
      .map(({ original, variable }) => [backend.pin(original), variable]),
  );
  const nodes = args.map((arg) => backend.node(arg));
  const firstId = currentId();
  const parameters = nodes.map((node) => XlaBackend.parameter(node, backend));
  const engine = tf.engine();
  const outputs: HloNode[] = [];
  const assigned: tf.Variable[] = [];
  try {
    engine.tidy("jit", () => {
      const tracers = parameters.map((node) => engine.makeTensorFromTensorInfo(backend.show(node)));
      const results = withoutHostRandom(() => body(tracers));
      outputs.push(...results.map((result) => backend.node(result)));
      for (const { variable, original } of watched) {
        if (variable.dataId === original.dataId) continue;
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

function watchVariables(): WatchedVariable[] {
  return registeredVariables().map((variable) => ({
    variable,
    original: tf.keep(variable.clone()),
  }));
}

/** One compiled program and where its arguments come from. */
class Program implements CompiledProgram {
  readonly #backend: XlaBackend;
  readonly #sources: Source[] = [];
  readonly #executable: LazyExecutable;
  readonly #resultCount: number;
  readonly #assigned: readonly tf.Variable[];
  readonly #results: readonly { shape: readonly number[]; type: HloNode["type"] }[];
  readonly #donated: ReadonlySet<number>;
  readonly #argumentShapes: readonly HloNode[];
  /** The first call, until the program is compiled. */
  #first: DeferredCall | null = null;

  constructor(backend: XlaBackend, recording: Recording, options: TraceOptions) {
    this.#backend = backend;
    this.#assigned = recording.assigned;
    this.#argumentShapes = recording.parameters;
    this.#donated = new Set(options.donate);
    this.#resultCount = recording.outputs.length - recording.assigned.length;
    this.#results = recording.outputs.map(({ shape, type }) => ({ shape, type }));
    this.#executable = new LazyExecutable(backend.runtime, this.#link(recording, options.name));
    recording.outputs.forEach(release);
  }

  /** Decides what the program's arguments are, and prints it. */
  #link(recording: Recording, name: string): string {
    const { firstId, parameters } = recording;
    const isInput = (node: HloNode): boolean =>
      node.op === "parameter" ||
      !isOp(node, "constant") && (node.data !== null || node.id < firstId);
    const recorded = topologicalOrder(recording.outputs, isInput);
    verify(recorded, "tracing");
    const outputs = optimize(recording.outputs, isInput);
    const order = topologicalOrder(outputs, isInput);
    const used = new Set([...order.flatMap((node) => node.inputs), ...outputs].filter(isInput));
    const indexOf = new Map(parameters.map((node, i) => [node, i]));
    const aliases = this.#aliases(parameters, outputs);
    const args: Argument[] = [];
    for (const node of used) {
      const index = indexOf.get(node);
      if (index === undefined && node.traced) throw leaked(node);
      const variable = recording.variables.get(node);
      if (index !== undefined) this.#sources.push({ kind: "argument", index });
      else if (variable) this.#sources.push({ kind: "variable", variable });
      else {
        retain(node);
        this.#sources.push({ kind: "captured", node });
      }
      const alias = index === undefined ? undefined : aliases.get(index);
      args.push(alias === undefined ? { node } : { node, aliases: alias });
    }
    return printModule(name, args, outputs, order);
  }

  /** Pairs donated arguments with results of the same shape and type, each at most once. */
  #aliases(parameters: readonly HloNode[], outputs: readonly HloNode[]): Map<number, number> {
    const free = new Set(outputs.keys());
    const aliases = new Map<number, number>();
    for (const index of this.#donated) {
      const { shape, type } = parameters[index]!;
      for (const output of free) {
        const result = outputs[output]!;
        if (result.type !== type || !sameShape(result.shape, shape)) continue;
        aliases.set(index, output);
        free.delete(output);
        break;
      }
    }
    return aliases;
  }

  text(): string {
    return this.#executable.text;
  }

  compile(): Promise<void> {
    return this.#executable.prepare();
  }

  run(args: readonly Tensor[]): Tensor[] {
    // One call may be pending; who calls again does not wait for it in the background.
    this.#first?.finish();
    this.#first = null;
    const nodes = this.#sources.map((source) => this.#argument(source, args));
    this.#separateDonated(nodes);
    const results = this.#executable.ready ? this.#runNow(args, nodes) : this.#defer(args, nodes);
    const engine = tf.engine();
    const tensors = results.map((result) => engine.makeTensorFromTensorInfo(result));
    this.#assigned.forEach((variable, i) => {
      const value = tensors[this.#resultCount + i]!;
      variable.assign(value);
      value.dispose();
    });
    return tensors.slice(0, this.#resultCount);
  }

  #runNow(args: readonly Tensor[], nodes: readonly HloNode[]): tf.TensorInfo[] {
    const runtime = this.#backend.runtime;
    const buffers = runtime.buffers(nodes);
    const results = runtime.execute(this.#executable.get(), buffers);
    this.#forgetDonated(args, nodes, buffers);
    return results.map((buffer, i) => {
      const { shape, type } = this.#results[i]!;
      return this.#backend.showBuffer(buffer, shape, type);
    });
  }

  /** Results that are pending until something reads them: a compiler takes seconds. */
  #defer(args: readonly Tensor[], nodes: HloNode[]): tf.TensorInfo[] {
    const donated: HloNode[] = [];
    this.#sources.forEach((source, i) => {
      if (source.kind !== "argument" || !this.#donated.has(source.index)) return;
      const tensor = args[source.index]!;
      if (this.#backend.node(tensor) === nodes[i]) nodes[i] = this.#backend.take(tensor);
      donated.push(nodes[i]!);
    });
    this.#first = new DeferredCall(this.#backend.runtime, this.#executable, {
      args: nodes,
      results: this.#results,
      donated,
    });
    return this.#first.results.map((node) => this.#backend.show(node));
  }

  /** Copies donated arguments that the same call reads in another place too. */
  #separateDonated(nodes: HloNode[]): void {
    if (this.#donated.size === 0 || new Set(nodes).size === nodes.length) return;
    this.#sources.forEach((source, i) => {
      if (source.kind !== "argument" || !this.#donated.has(source.index)) return;
      const node = nodes[i]!;
      if (nodes.indexOf(node) === nodes.lastIndexOf(node)) return;
      nodes[i] = this.#backend.runtime.copy(node);
    });
  }

  #argument(source: Source, args: readonly Tensor[]): HloNode {
    if (source.kind === "captured") return source.node;
    if (source.kind === "variable") {
      if (!source.variable.isDisposed) return this.#backend.node(source.variable);
      throw new EngineError(
        `Cannot run a jitted function as a variable that it reads was disposed: ` +
          `${source.variable.name} (keep the variable, or jit the function anew)`,
      );
    }
    const tensor = args[source.index]!;
    const node = this.#backend.node(tensor);
    // Someone else still shows or reads this buffer, so the program gets one of its own.
    const shared = this.#donated.has(source.index) && this.#backend.isShared(tensor);
    return shared ? this.#backend.runtime.copy(node) : node;
  }

  /** Marks donated arguments: their buffers belong to the results now. */
  #forgetDonated(
    args: readonly Tensor[],
    nodes: readonly HloNode[],
    buffers: readonly PjrtBuffer[],
  ): void {
    if (this.#donated.size === 0) return;
    this.#sources.forEach((source, i) => {
      if (source.kind !== "argument" || !this.#donated.has(source.index)) return;
      const tensor = args[source.index]!;
      buffers[i]!.markDonated();
      if (this.#backend.node(tensor) === nodes[i]) this.#backend.donate(tensor);
    });
  }

  dispose(): void {
    this.#executable.dispose();
    for (const source of this.#sources) if (source.kind === "captured") release(source.node);
    this.#sources.length = 0;
  }
}

function leaked(node: HloNode): TracerError {
  return new TracerError(
    `Cannot compile a function as it uses a tensor kept from inside another jit, or from inside ` +
      `the body of a loop or branch: [${
        node.shape.join(", ")
      }] (return it from that function and ` +
      `pass it on)`,
  );
}
