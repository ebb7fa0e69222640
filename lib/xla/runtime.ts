/**
 * Runs graphs: uploads and downloads values, and compiles and executes what is pending.
 *
 * @module
 */
import { EngineError, TracerError } from "../engine/mod.ts";
import {
  type Argument,
  type ElementType,
  type HloNode,
  isOp,
  makeNode,
  printModule,
  release,
  retain,
  settle,
  sizeOf,
  topologicalOrder,
} from "./hlo/mod.ts";
import type { PjrtBuffer, PjrtClient, PjrtExecutable } from "./pjrt/mod.ts";

/** Values on the host, by element type. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

const ARRAYS = { f32: Float32Array, i32: Int32Array, i1: Uint8Array } as const;

/** A host array of `size` elements of a type. */
export function hostArray(type: ElementType, size: number): HostArray {
  return new ARRAYS[type](size);
}

/** Counters for tests and benchmarks. */
export interface RuntimeStats {
  /** Programs compiled. */
  compiles: number;
  /** Milliseconds spent compiling. */
  compileMs: number;
  /** Programs executed. */
  executions: number;
  /** Arrays copied to a device, and back. */
  uploads: number;
  downloads: number;
}

/** Eager programs kept compiled; the least recently used goes first. */
const MAX_EAGER_PROGRAMS = 1024;

/** One client, its compiled eager programs, and what moves values in and out. */
export class Runtime {
  readonly stats: RuntimeStats = {
    compiles: 0,
    compileMs: 0,
    executions: 0,
    uploads: 0,
    downloads: 0,
  };
  readonly #programs = new Map<string, PjrtExecutable>();

  constructor(readonly client: PjrtClient) {}

  /** A node whose value is `values`. A uniform array becomes a constant and uses no memory. */
  upload(values: HostArray, shape: readonly number[], type: ElementType): HloNode {
    const first = values[0];
    if (values.length > 1 || shape.length === 0) {
      let uniform = true;
      // Object.is: 0 and -0 differ, NaN equals itself.
      for (let i = 1; uniform && i < values.length; i++) uniform = Object.is(values[i], first);
      if (uniform) return makeNode("constant", [], shape, type, { value: first! });
    }
    const node = makeNode("value", [], shape, type, null);
    node.data = this.#put(values, shape, type);
    return node;
  }

  #put(values: HostArray, shape: readonly number[], type: ElementType): PjrtBuffer {
    this.stats.uploads++;
    return this.client.upload(values, type, shape);
  }

  /** A new node with the value of `node` in a buffer of its own. */
  copy(node: HloNode): HloNode {
    const result = makeNode("value", [], node.shape, node.type, null);
    result.data = this.#put(this.read(node), node.shape, node.type);
    return result;
  }

  /** The buffers of nodes, computing those that are pending in one program. */
  buffers(nodes: readonly HloNode[]): PjrtBuffer[] {
    const pending = nodes.filter((node) => !node.data);
    if (pending.length > 0) this.#materialise(pending);
    return nodes.map((node) => node.data as PjrtBuffer);
  }

  /** The values of a node; waits for them. */
  read(node: HloNode): HostArray {
    const out = hostArray(node.type, sizeOf(node.shape));
    if (isOp(node, "constant") && !node.data) return out.fill(node.attrs.value);
    const [buffer] = this.buffers([node]);
    this.stats.downloads++;
    buffer!.download(out);
    return out;
  }

  /** The values of a node, without blocking the event loop. */
  async readAsync(node: HloNode): Promise<HostArray> {
    const out = hostArray(node.type, sizeOf(node.shape));
    if (isOp(node, "constant") && !node.data) return out.fill(node.attrs.value);
    const [buffer] = this.buffers([node]);
    this.stats.downloads++;
    await buffer!.downloadAsync(out);
    return out;
  }

  /** Compiles a program and counts it. */
  compile(text: string): PjrtExecutable {
    const start = performance.now();
    const executable = this.client.compile(text);
    this.stats.compiles++;
    this.stats.compileMs += performance.now() - start;
    return executable;
  }

  /** Runs a program on one device; returns before it is done. */
  execute(executable: PjrtExecutable, args: readonly PjrtBuffer[]): PjrtBuffer[] {
    this.stats.executions++;
    return executable.execute([args])[0]!;
  }

  /**
   * Computes pending nodes, and with them every pending node on the way that a tensor shows, so
   * that no work is done twice.
   */
  #materialise(targets: readonly HloNode[]): void {
    const constants = targets.filter((node) => isOp(node, "constant"));
    const wanted = new Set(targets.filter((node) => !node.data));
    if (wanted.size === 0) return;
    const isInput = (node: HloNode): boolean => node.data !== null && !isOp(node, "constant");
    const order = topologicalOrder([...wanted], isInput);
    const tracer = order.find((node) => node.traced);
    if (tracer) throw new TracerError(leakedTracer(tracer));
    const outputs = order.filter((node) =>
      wanted.has(node) || node.tensors > 0 && !isOp(node, "constant")
    );
    const args = [...new Set(order.flatMap((node) => node.inputs.filter(isInput)))];
    const text = printModule("eager", args.map((node): Argument => ({ node })), outputs, order);
    const results = this.execute(this.#program(text), args.map((node) => node.data as PjrtBuffer));
    outputs.forEach(retain);
    outputs.forEach((node, i) => settle(node, results[i]!));
    outputs.forEach(release);
  }

  #program(text: string): PjrtExecutable {
    let program = this.#programs.get(text);
    if (program) {
      this.#programs.delete(text);
    } else {
      program = this.compile(text);
      if (this.#programs.size >= MAX_EAGER_PROGRAMS) {
        const [oldest, executable] = this.#programs.entries().next().value!;
        this.#programs.delete(oldest);
        executable.dispose();
      }
    }
    this.#programs.set(text, program);
    return program;
  }
}

function leakedTracer(node: HloNode): string {
  return `Cannot read a tensor as its value is known only when the compiled program runs: ` +
    `${node.op} [${node.shape.join(", ")}] inside jit (return it from the function, or read it ` +
    `outside jit; a tensor kept from inside jit has no value afterwards)`;
}

/** What takes the place of a donated buffer: there is nothing left to read or to free. */
export class DonatedData {
  dispose(): void {}

  /** The error of reading it. */
  static error(): EngineError {
    return new EngineError(
      "Cannot read a tensor as it was donated to a jitted call, which overwrote it " +
        "(use the call's result, or drop `donate`)",
    );
  }
}
