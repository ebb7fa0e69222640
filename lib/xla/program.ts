/**
 * One program that was traced: what it takes from where, how it is run, and what becomes of its results.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  type CompiledProgram,
  currentCommunicator,
  EngineError,
  type OperationCounts,
  type ProgramCost,
  programCost,
  type Replicas,
  type TraceOptions,
  TracerError,
} from "../engine/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";
import type { XlaBackend } from "./backend.ts";
import { cut, ofThisProcess } from "./cross_processes.ts";
import { DeferredCall, LazyExecutable, type Runnable } from "./deferred_call.ts";
import {
  type Argument,
  countOperations,
  type HloNode,
  isOp,
  printModule,
  release,
  retain,
  sameShape,
  sizeOf,
  topologicalOrder,
  verify,
} from "./hlo/mod.ts";
import { optimize } from "./passes/mod.ts";
import type { Layout } from "./runtime.ts";
import { SegmentedProgram } from "./segmented_program.ts";
import type { Value } from "./value.ts";

/** What a trace recorded. */
export interface Recording {
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

/** One compiled program and where its arguments come from. */
export class Program implements CompiledProgram {
  readonly #backend: XlaBackend;
  readonly #sources: Source[] = [];
  readonly #executable: Runnable;
  readonly #resultCount: number;
  readonly #assigned: readonly tf.Variable[];
  readonly #results: readonly { shape: readonly number[]; type: HloNode["type"] }[];
  readonly #donated: ReadonlySet<number>;
  readonly #argumentShapes: readonly HloNode[];
  #counts!: OperationCounts;
  /** The first call, until the program is compiled. */
  #first: DeferredCall | null = null;

  constructor(backend: XlaBackend, recording: Recording, options: TraceOptions) {
    this.#backend = backend;
    this.#assigned = recording.assigned;
    this.#argumentShapes = recording.parameters;
    this.#donated = new Set(options.donate);
    this.#resultCount = recording.outputs.length - recording.assigned.length;
    const leading = options.replicas?.axes ?? [];
    this.#results = recording.outputs.map(({ shape, type }) => ({
      shape: [...leading, ...shape],
      type,
    }));
    this.#executable = this.#link(recording, options);
    recording.outputs.forEach(release);
  }

  /** Decides what the program's arguments are, and makes it ready to be compiled. */
  #link(recording: Recording, { name, replicas }: TraceOptions): Runnable {
    const { firstId, parameters } = recording;
    const isInput = (node: HloNode): boolean =>
      node.op === "parameter" ||
      !isOp(node, "constant") && (node.data !== null || node.id < firstId);
    const recorded = topologicalOrder(recording.outputs, isInput);
    verify(recorded, "tracing");
    const devices = replicas && sizeOf(replicas.axes);
    const communicator = devices === undefined ? null : currentCommunicator();
    const own = communicator
      ? ofThisProcess(recording.outputs, isInput, communicator, devices!)
      : recording.outputs;
    const outputs = optimize(own, isInput, this.#backend.runtime.client.platform);
    const order = topologicalOrder(outputs, isInput);
    this.#counts = countOperations(order);
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
    const { runtime } = this.#backend;
    const layout = layoutOf(replicas, this.#sources);
    if (!communicator || !order.some((node) => isOp(node, "process_reduce"))) {
      return new LazyExecutable(runtime, printModule(name, args, outputs, order, devices), layout);
    }
    return new SegmentedProgram(runtime, communicator, {
      name,
      args: args.map(({ node }) => node),
      ...cut(outputs, isInput),
      isSplit: layout!.isSplit,
      axes: replicas!.axes,
      devices: devices!,
    });
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

  cost(): ProgramCost {
    return programCost(this.#counts, this.#executable.memory());
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
    const results = this.#executable.run(nodes);
    this.#forgetDonated(args, nodes);
    return results.map((value, i) => {
      const { shape, type } = this.#results[i]!;
      return this.#backend.showValue(value, shape, type);
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
    this.#first = new DeferredCall(this.#executable, {
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
  #forgetDonated(args: readonly Tensor[], nodes: readonly HloNode[]): void {
    if (this.#donated.size === 0) return;
    this.#sources.forEach((source, i) => {
      if (source.kind !== "argument" || !this.#donated.has(source.index)) return;
      const tensor = args[source.index]!;
      (nodes[i]!.data as Value).markDonated();
      if (this.#backend.node(tensor) === nodes[i]) this.#backend.donate(tensor);
    });
  }

  dispose(): void {
    this.#executable.dispose();
    for (const source of this.#sources) if (source.kind === "captured") release(source.node);
    this.#sources.length = 0;
  }
}

/** How arguments lie on several devices: a tensor that the function closed over is on each of them. */
function layoutOf(replicas: Replicas | undefined, sources: readonly Source[]): Layout | null {
  if (!replicas) return null;
  const { axes } = replicas;
  const isSplit = sources.map(({ kind }) => kind === "argument");
  return { devices: sizeOf(axes), rank: axes.length, isSplit };
}

function leaked(node: HloNode): TracerError {
  return new TracerError(
    `Cannot compile a function as it uses a tensor kept from inside another jit, or from inside ` +
      `the body of a loop or branch: ${formatShape(node.shape)} (return it from that function ` +
      `and pass it on)`,
  );
}
