/**
 * One program that was traced: what it takes from where, how it is run, and what becomes of its
 * results.
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

/** The graph that a trace recorded. */
export interface TracedGraph {
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
  | { readonly kind: "argument"; readonly index: number; readonly donated: boolean }
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
  /** Donated arguments: the call's number of each, and its place among the program's arguments. */
  readonly #donated: readonly { readonly index: number; readonly place: number }[];
  #counts!: OperationCounts;
  /** The first call, until the program is compiled. */
  #first: DeferredCall | null = null;

  constructor(backend: XlaBackend, graph: TracedGraph, options: TraceOptions) {
    this.#backend = backend;
    this.#assigned = graph.assigned;
    this.#resultCount = graph.outputs.length - graph.assigned.length;
    const leading = options.replicas?.axes ?? [];
    this.#results = graph.outputs.map(({ shape, type }) => ({
      shape: [...leading, ...shape],
      type,
    }));
    this.#executable = this.#link(graph, options);
    this.#donated = this.#sources.flatMap((source, place) =>
      source.kind === "argument" && source.donated ? [{ index: source.index, place }] : []
    );
    graph.outputs.forEach(release);
  }

  /** Decides what the program's arguments are, and makes it ready to be compiled. */
  #link(graph: TracedGraph, { name, donate, replicas }: TraceOptions): Runnable {
    const { firstId, parameters } = graph;
    const isInput = (node: HloNode): boolean =>
      node.op === "parameter" ||
      !isOp(node, "constant") && (node.data !== null || node.id < firstId);
    const recorded = topologicalOrder(graph.outputs, isInput);
    verify(recorded, "tracing");
    const devices = replicas && sizeOf(replicas.axes);
    const communicator = devices === undefined ? null : currentCommunicator();
    const own = communicator
      ? ofThisProcess(graph.outputs, isInput, communicator, devices!)
      : graph.outputs;
    const outputs = optimize(own, isInput, this.#backend.runtime.client.platform);
    const order = topologicalOrder(outputs, isInput);
    this.#counts = countOperations(order);
    const used = new Set([...order.flatMap((node) => node.inputs), ...outputs].filter(isInput));
    const indexOf = new Map(parameters.map((node, i) => [node, i]));
    const donated = new Set(donate);
    const aliases = aliasesOf(donated, parameters, outputs);
    const args: Argument[] = [];
    for (const node of used) {
      const index = indexOf.get(node);
      if (index === undefined && node.traced) throw leaked(node);
      const variable = graph.variables.get(node);
      if (index !== undefined) {
        this.#sources.push({ kind: "argument", index, donated: donated.has(index) });
      } else if (variable) this.#sources.push({ kind: "variable", variable });
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
    for (const { place, index } of this.#donated) {
      const tensor = args[index]!;
      if (this.#backend.node(tensor) === nodes[place]) nodes[place] = this.#backend.take(tensor);
      donated.push(nodes[place]!);
    }
    this.#first = new DeferredCall(this.#executable, {
      args: nodes,
      results: this.#results,
      donated,
    });
    return this.#first.results.map((node) => this.#backend.show(node));
  }

  /** Copies donated arguments that the same call reads in another place too. */
  #separateDonated(nodes: HloNode[]): void {
    if (this.#donated.length === 0 || new Set(nodes).size === nodes.length) return;
    for (const { place } of this.#donated) {
      const node = nodes[place]!;
      if (nodes.indexOf(node) === nodes.lastIndexOf(node)) continue;
      nodes[place] = this.#backend.runtime.copy(node);
    }
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
    const shared = source.donated && this.#backend.isShared(tensor);
    return shared ? this.#backend.runtime.copy(node) : node;
  }

  /** Marks donated arguments: their buffers belong to the results now. */
  #forgetDonated(args: readonly Tensor[], nodes: readonly HloNode[]): void {
    for (const { place, index } of this.#donated) {
      const tensor = args[index]!;
      (nodes[place]!.data as Value).markDonated();
      if (this.#backend.node(tensor) === nodes[place]) this.#backend.donate(tensor);
    }
  }

  dispose(): void {
    this.#executable.dispose();
    for (const source of this.#sources) if (source.kind === "captured") release(source.node);
    this.#sources.length = 0;
  }
}

/** Pairs donated arguments with results of the same shape and type, each at most once. */
function aliasesOf(
  donated: ReadonlySet<number>,
  parameters: readonly HloNode[],
  outputs: readonly HloNode[],
): Map<number, number> {
  const free = new Set(outputs.keys());
  const aliases = new Map<number, number>();
  for (const index of donated) {
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

/**
 * How arguments lie on several devices: a tensor that the function closed over is on each of them.
 */
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
