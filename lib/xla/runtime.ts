/**
 * Runs graphs: keeps values on the host or the device, and computes what is pending.
 *
 * @module
 */
import { formatShape, TracerError } from "../base/mod.ts";
import type { CompileCache } from "./compile_cache.ts";
import { EagerPlanner, evaluateAll } from "./eager.ts";
import {
  type ElementType,
  type HloNode,
  type HostArray,
  isOp,
  release,
  retain,
  settle,
  topologicalOrder,
} from "./hlo/mod.ts";
import { Memory, type TransferStats } from "./memory.ts";
import type { KeptMemory, PjrtClient, PjrtExecutable } from "./pjrt/mod.ts";
import { type CompileStats, ProgramStore } from "./program_store.ts";
import { Value } from "./value.ts";

/** Counters for tests and benchmarks. */
export interface RuntimeStats extends TransferStats, CompileStats {
  /** Programs executed. */
  executions: number;
  /** Pending graphs that were computed on the host. */
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

/** One client, its programs, and its memory. */
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

  /** The compiled programs. */
  readonly programs: ProgramStore;
  readonly #planner: EagerPlanner;
  readonly #memory: Memory;

  readonly #kept: KeptMemory | null;

  /**
   * @param cache Keeps compiled programs for the next start.
   * @param kept Bounds what the process keeps of memory that programs freed, if it does.
   */
  constructor(
    readonly client: PjrtClient,
    cache: CompileCache | null = null,
    kept: KeptMemory | null = null,
  ) {
    this.#kept = kept;
    this.#memory = new Memory(client, this.stats);
    this.programs = new ProgramStore(client, cache, this.stats);
    this.#planner = new EagerPlanner(this.programs);
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
    const plan = this.#planner.plan(order, outputsOf(order, wanted), this.useHost);
    if (plan.where === "device") await this.programs.prepareEager(plan.text);
  }

  /**
   * Runs a program; returns the values of its results before it is done.
   *
   * @param nodes The arguments; those that are pending are computed.
   * @param layout How arguments and results lie on several devices; null for the first device
   * alone.
   */
  execute(executable: PjrtExecutable, nodes: readonly HloNode[], layout: Layout | null): Value[] {
    this.#compute(nodes.filter((node) => !node.data));
    this.stats.executions++;
    this.#kept?.noteCall(executable.tempBytes);
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

  #execute(order: readonly HloNode[], outputs: readonly HloNode[]): Value[] {
    const plan = this.#planner.plan(order, outputs, this.useHost);
    if (plan.where === "host") {
      plan.done();
      return this.#evaluate(order, outputs);
    }
    this.#planner.forget(plan.text);
    const results = this.execute(this.programs.eager(plan.text), plan.inputs, null);
    for (const number of plan.numbers) number.data!.dispose();
    return results;
  }

  #evaluate(order: readonly HloNode[], outputs: readonly HloNode[]): Value[] {
    this.stats.evaluations++;
    const values = evaluateAll(order, (node) => {
      const value = node.data as Value;
      return value.host ??= this.#memory.read(node);
    });
    return outputs.map((node) => new Value({ host: values.get(node)! }));
  }
}

/** The nodes whose values are kept: those asked for, and those that tensors show on the way. */
function outputsOf(order: readonly HloNode[], wanted: ReadonlySet<HloNode>): HloNode[] {
  return order.filter((node) => wanted.has(node) || node.tensors > 0);
}

function unknownValue(node: HloNode): TracerError {
  return new TracerError(
    `Cannot read a tensor as its value is known only when the compiled program runs: ` +
      `${node.op} ${formatShape(node.shape)} inside jit (return it from the function, or read it ` +
      `outside jit; a tensor kept from inside jit has no value afterwards)`,
  );
}
