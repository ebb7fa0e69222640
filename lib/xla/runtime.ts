/**
 * Runs graphs: keeps values on the host or the device, and computes what is pending.
 *
 * @module
 */
import { formatShape, TracerError } from "../base/mod.ts";
import {
  type Argument,
  canEvaluate,
  type ElementType,
  evaluate,
  type HloNode,
  type HostArray,
  isOp,
  printModule,
  release,
  retain,
  settle,
  topologicalOrder,
  workOf,
} from "./hlo/mod.ts";
import type { CompileCache } from "./compile_cache.ts";
import { Memory, type TransferStats } from "./memory.ts";
import { type PjrtClient, PjrtError, type PjrtExecutable } from "./pjrt/mod.ts";
import { Value } from "./value.ts";
import { type Lifted, VaryingNumbers } from "./varying_numbers.ts";

/** Counters for tests and benchmarks. */
export interface RuntimeStats extends TransferStats {
  /** Programs compiled, or loaded from the cache of compiled programs. */
  compiles: number;
  /** Of these, loaded from the cache. */
  cacheHits: number;
  /** Milliseconds spent compiling and loading. */
  compileMs: number;
  /** Programs executed. */
  executions: number;
  /** Pending graphs that were small enough to be computed on the host. */
  evaluations: number;
}

/** How a program's arguments and results lie on several devices. */
export interface Layout {
  readonly devices: number;
  /** How many leading axes the devices share out. */
  readonly rank: number;
  /** Which arguments the devices have rows of; of the others each has all. */
  readonly isSplit: readonly boolean[];
}

/** Eager programs kept compiled; the least recently used goes first. */
const MAX_EAGER_PROGRAMS = 1024;

/** Eager work of at most this many steps always runs on the host: no compiler is as quick. */
const SMALL_WORK = 65_536;

/** What compiling one node costs, in steps on the host (about a millisecond). */
const COMPILE_WORK = 100_000;

/** How a pending graph will be computed. */
interface Plan {
  readonly text: string;
  readonly inputs: readonly HloNode[];
  readonly onHost: boolean;
  /** Work done on the host for this program, this time included; 0 where it is not worth counting. */
  readonly spent: number;
  /** Inputs that were made for this plan: numbers that change from time to time. */
  readonly numbers: readonly HloNode[];
}

/** One client, its compiled eager programs, and what moves values in and out. */
export class Runtime {
  readonly stats: RuntimeStats = {
    compiles: 0,
    cacheHits: 0,
    compileMs: 0,
    executions: 0,
    evaluations: 0,
    uploads: 0,
    downloads: 0,
  };

  /** Whether eager work may run on the host where that beats compiling; off, all is compiled. */
  useHost = true;

  readonly #programs = new Map<string, PjrtExecutable>();
  /** Work that was done on the host for programs that were not compiled, by their text. */
  readonly #hostWork = new Map<string, number>();
  readonly #varying = new VaryingNumbers();

  readonly #memory: Memory;

  /** @param cache Keeps compiled programs for the next start. */
  constructor(readonly client: PjrtClient, readonly cache: CompileCache | null = null) {
    this.#memory = new Memory(client, this.stats);
  }

  /** A node whose value is `values`. */
  upload(values: HostArray, shape: readonly number[], type: ElementType): HloNode {
    return this.#memory.upload(values, shape, type);
  }

  /** A new node with the value of `node` in memory of its own. */
  copy(node: HloNode): HloNode {
    this.settle(node);
    return this.#memory.copy(node);
  }

  /** Changes rows that nothing else uses yet. */
  rewriteRows(value: Value, rewrite: (rows: readonly HostArray[]) => void): void {
    this.#memory.rewriteRows(value, rewrite);
  }

  /** Computes a node if it is pending. */
  settle(node: HloNode): void {
    if (!node.data && !isOp(node, "constant")) this.#compute([node]);
  }

  /** Computes pending nodes together. */
  settleAll(nodes: readonly HloNode[]): void {
    this.#compute(nodes);
  }

  /** The values of a node, the caller's own; waits for them. */
  read(node: HloNode): HostArray {
    this.settle(node);
    return this.#memory.read(node);
  }

  /** The values of a node, the caller's own, without blocking the event loop. */
  async readAsync(node: HloNode): Promise<HostArray> {
    // Whatever becomes of the tensor meanwhile, its value stays until it is read.
    retain(node);
    try {
      await this.#prepare([node]);
      this.settle(node);
      return await this.#memory.readAsync(node);
    } finally {
      release(node);
    }
  }

  /** Computes nodes and waits until their values are there, without blocking the event loop. */
  async finish(nodes: readonly HloNode[]): Promise<void> {
    nodes.forEach(retain);
    try {
      await this.#prepare(nodes);
      this.#compute(nodes.filter((node) => !node.data && !isOp(node, "constant")));
      const buffers = nodes.flatMap((node) => (node.data as Value | null)?.buffers ?? []);
      await Promise.all(buffers.map((buffer) => buffer.ready()));
    } finally {
      nodes.forEach(release);
    }
  }

  /**
   * Compiles what computing nodes needs without blocking the event loop. If the graph changes
   * meanwhile, what is missing then is compiled when it is needed.
   */
  async #prepare(targets: readonly HloNode[]): Promise<void> {
    for (;;) {
      const pending = targets.filter((node) => !node.data && !isOp(node, "constant"));
      const order = topologicalOrder(pending, (node) => node.data !== null);
      const call = order.find((node) => isOp(node, "call"));
      if (!call) return await this.#prepareEager(order, new Set(pending));
      await this.#prepare(call.inputs);
      await call.attrs.call.prepare();
      call.attrs.call.finish();
    }
  }

  async #prepareEager(order: readonly HloNode[], wanted: ReadonlySet<HloNode>): Promise<void> {
    if (order.length === 0 || order.some((node) => node.traced)) return;
    const { text, onHost } = this.#plan(order, outputsOf(order, wanted));
    if (onHost || this.#programs.has(text)) return;
    const executable = await this.compileAsync(text);
    if (this.#programs.has(text)) executable.dispose();
    else this.#enter(text, executable);
  }

  /** Compiles a program, or loads it from the cache, and counts it. */
  compile(text: string, replicas = 1): PjrtExecutable {
    const start = performance.now();
    const loaded = this.#load(text);
    const executable = loaded ?? this.client.compile(text, { replicas });
    return this.#count(text, executable, start, loaded !== null);
  }

  /** The same without blocking the event loop. */
  async compileAsync(text: string, replicas = 1): Promise<PjrtExecutable> {
    const start = performance.now();
    const bytes = this.cache?.get(text);
    const loaded = bytes ? await this.client.deserializeAsync(bytes).catch(unlessRefused) : null;
    const executable = loaded ?? await this.client.compileAsync(text, { replicas });
    return this.#count(text, executable, start, loaded !== null);
  }

  #count(
    text: string,
    executable: PjrtExecutable,
    start: number,
    loaded: boolean,
  ): PjrtExecutable {
    const ms = performance.now() - start;
    this.stats.compiles++;
    this.stats.compileMs += ms;
    if (loaded) this.stats.cacheHits++;
    else if (this.cache && ms >= this.cache.worthKeepingMs) {
      this.#keep(this.cache, text, executable);
    }
    return executable;
  }

  #load(text: string): PjrtExecutable | null {
    const bytes = this.cache?.get(text);
    if (!bytes) return null;
    try {
      return this.client.deserialize(bytes);
    } catch (error) {
      return unlessRefused(error);
    }
  }

  #keep(cache: CompileCache, text: string, executable: PjrtExecutable): void {
    try {
      cache.put(text, executable.serialize());
    } catch (error) {
      // Not every plugin, and not every program, can be serialised.
      unlessRefused(error);
    }
  }

  /**
   * Runs a program; returns the values of its results before it is done.
   *
   * @param nodes The arguments; those that are pending are computed.
   * @param layout How arguments and results lie on several devices; null for the first device alone.
   */
  execute(executable: PjrtExecutable, nodes: readonly HloNode[], layout: Layout | null): Value[] {
    this.#compute(nodes.filter((node) => !node.data));
    this.stats.executions++;
    if (!layout) {
      const [results] = executable.execute([nodes.map((node) => this.#memory.whole(node))]);
      return results!.map((buffer) => new Value({ copies: [buffer] }));
    }
    const { devices, rank, isSplit } = layout;
    const args = nodes.map((node, i) =>
      isSplit[i] ? this.#memory.rows(node, devices, rank) : this.#memory.copies(node, devices)
    );
    const ids = Array.from({ length: devices }, (_, device) => device);
    const results = executable.execute(ids.map((device) => args.map((arg) => arg[device]!)));
    return results[0]!.map((_, i) => new Value({ rows: results.map((row) => row[i]!) }));
  }

  /**
   * Computes pending nodes, and with them every pending node on the way that a tensor shows, so
   * that no work is done twice.
   */
  #compute(targets: readonly HloNode[]): void {
    if (targets.length === 0) return;
    let order = topologicalOrder(targets, (node) => node.data !== null);
    if (order.some((node) => isOp(node, "call"))) {
      for (const node of order) if (isOp(node, "call") && !node.data) node.attrs.call.finish();
      targets = targets.filter((node) => !node.data);
      if (targets.length === 0) return;
      order = topologicalOrder(targets, (node) => node.data !== null);
    }
    const tracer = order.find((node) => node.traced);
    if (tracer) throw unknownValue(tracer);
    const outputs = outputsOf(order, new Set(targets));
    const values = this.#execute(order, outputs);
    // Settling lets go of inputs, which must not free an output that is yet to be settled.
    outputs.forEach(retain);
    outputs.forEach((node, i) => settle(node, values[i]!));
    outputs.forEach(release);
  }

  /**
   * Computes a graph on the host or as a program, whichever comes out cheaper: the host until it has
   * worked on this very program for as long as compiling it would have taken.
   */
  #execute(order: readonly HloNode[], outputs: readonly HloNode[]): Value[] {
    const { text, inputs, onHost, spent, numbers } = this.#plan(order, outputs);
    if (onHost) {
      if (this.#hostWork.size >= MAX_EAGER_PROGRAMS) this.#hostWork.clear();
      if (spent > 0) this.#hostWork.set(text, spent);
      return this.#evaluate(order, outputs);
    }
    this.#hostWork.delete(text);
    const results = this.execute(this.#program(text), inputs, null);
    for (const number of numbers) number.data!.dispose();
    return results;
  }

  #plan(order: readonly HloNode[], outputs: readonly HloNode[]): Plan {
    const work = this.#hostWorkOf(order);
    if (work <= SMALL_WORK) return { text: "", inputs: [], onHost: true, spent: 0, numbers: [] };
    const lifted = this.#varying.lift(order, outputs);
    const inputs = inputsOf(lifted);
    const args = inputs.map((node): Argument => ({ node }));
    const text = printModule("eager", args, lifted.outputs, lifted.order);
    const spent = (this.#hostWork.get(text) ?? 0) + work;
    const onHost = !this.#programs.has(text) && spent <= COMPILE_WORK * order.length;
    return { text, inputs, onHost, spent, numbers: lifted.numbers };
  }

  /** Steps that a graph takes on the host; Infinity if it cannot run there without waiting. */
  #hostWorkOf(order: readonly HloNode[]): number {
    if (!this.useHost) return Infinity;
    let work = 0;
    for (const node of order) {
      if (!canEvaluate(node)) return Infinity;
      if (!isOp(node, "constant")) work += workOf(node);
      for (const { data } of node.inputs) {
        if (data && !(data as Value).isReady()) return Infinity;
      }
    }
    return work;
  }

  #evaluate(order: readonly HloNode[], outputs: readonly HloNode[]): Value[] {
    this.stats.evaluations++;
    const values = new Map<HloNode, HostArray>();
    const valueOf = (node: HloNode): HostArray => {
      const known = values.get(node);
      if (known) return known;
      const value = node.data as Value;
      return value.host ??= this.#memory.read(node);
    };
    for (const node of order) values.set(node, evaluate(node, node.inputs.map(valueOf)));
    return outputs.map((node) => new Value({ host: values.get(node)! }));
  }

  #program(text: string): PjrtExecutable {
    const program = this.#programs.get(text) ?? this.compile(text);
    this.#enter(text, program);
    return program;
  }

  /** Makes a program the last used one. */
  #enter(text: string, program: PjrtExecutable): void {
    this.#programs.delete(text);
    if (this.#programs.size >= MAX_EAGER_PROGRAMS) {
      const [oldest, executable] = this.#programs.entries().next().value!;
      this.#programs.delete(oldest);
      executable.dispose();
    }
    this.#programs.set(text, program);
  }
}

/** What computing gives: what was asked for, and what tensors show on the way. */
function outputsOf(order: readonly HloNode[], wanted: ReadonlySet<HloNode>): HloNode[] {
  return order.filter((node) => wanted.has(node) || node.tensors > 0);
}

/** What a graph reads from outside; a number of its own may be a result as it is. */
function inputsOf({ order, outputs }: Lifted): HloNode[] {
  return [...new Set([...order.flatMap(({ inputs }) => inputs), ...outputs])]
    .filter(({ data }) => data);
}

/** Null for what the plugin refuses, e.g. a cached program that is whole but another version's. */
function unlessRefused(error: unknown): null {
  if (error instanceof PjrtError) return null;
  throw error;
}

function unknownValue(node: HloNode): TracerError {
  return new TracerError(
    `Cannot read a tensor as its value is known only when the compiled program runs: ` +
      `${node.op} ${formatShape(node.shape)} inside jit (return it from the function, or read it ` +
      `outside jit; a tensor kept from inside jit has no value afterwards)`,
  );
}
