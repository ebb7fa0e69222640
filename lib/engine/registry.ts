/**
 * The registry that engines enter: what a compiler must offer so that `jit` can use it.
 *
 * Nothing above this file knows of XLA. An engine that can compile registers a {@linkcode Compiler}
 * under the name of its tfjs backend; the transformations look it up by tfjs's current backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";
import type { ProgramCost } from "./cost.ts";

/** One device that an engine computes on. */
export interface Device {
  /** Index among the engine's devices. */
  readonly id: number;
  /** `"cpu"`, `"cuda"`, `"tpu"`, … */
  readonly platform: string;
  /** The platform's version, in the words of its plugin: of CUDA, of libtpu, … */
  readonly platformVersion: string;
  /** The vendor's name of the model, or `"cpu"`. */
  readonly kind: string;
  /** The plugin's or backend's own words. */
  readonly description: string;
  /** Its memory now; null where the plugin does not tell, as that of a CPU. */
  memory(): DeviceMemory | null;
}

/** Memory of a device, in bytes; null is what its plugin does not tell. */
export interface DeviceMemory {
  /** Allocated now. */
  readonly bytesInUse: number;
  /** The most that was in use since the client started. */
  readonly peakBytesInUse: number | null;
  /** The memory that this process may use. */
  readonly bytesLimit: number | null;
  /** How many blocks were allocated, and the largest of them. */
  readonly numAllocs: number | null;
  /** The largest single allocation so far; null if the plugin does not count it. */
  readonly largestAllocBytes: number | null;
}

/** Options of a plugin's client, by the plugin's own names. */
export type ClientOptions = Readonly<
  Record<string, boolean | number | string | readonly number[]>
>;

/** The engine that runs now, as {@linkcode init} describes it. */
export interface EngineDescription {
  /** The name: `"xla"`, `"wasm"`, `"cpu"`, or another tfjs backend's. */
  readonly engine: string;
  /** Whether `jit` compiles on it. */
  readonly compiles: boolean;
  /** The devices that it computes on. */
  readonly devices: readonly Device[];
  /** One line for people. */
  readonly text: string;
}

/** A function traced once for one signature, compiled, ready to run. */
export interface CompiledProgram {
  /** Runs on arguments of the traced shapes; returns without waiting for the result. */
  run(args: readonly Tensor[]): Tensor[];
  /** The program text that was compiled (StableHLO). */
  text(): string;
  /** The cost of the program; compiles it if it was not. */
  cost(): ProgramCost;
  /** Compiles before the first `run`, without blocking the event loop. */
  compile(): Promise<void>;
  /** Frees the executable and what the program holds on the device. */
  dispose(): void;
}

/** Options of {@linkcode Compiler.trace}. */
export interface TraceOptions {
  /** A name for the program. */
  readonly name: string;
  /** Positions of arguments whose buffers the results may overwrite. */
  readonly donate: readonly number[];
  /** The devices that run the program at once; one if there are none. */
  readonly replicas?: Replicas;
}

/** Devices that run one program at once, each on a part of the arguments. */
export interface Replicas {
  /**
   * The leading axes of arguments and results, which the devices share out: their product is the
   * number of devices of this process. Inside the program these axes are gone.
   */
  readonly axes: readonly number[];
}

/** A loop of a known number of steps, over leaves. */
export interface ScanLoop {
  /** The state before the first step. */
  readonly init: readonly Tensor[];
  /** The inputs of the steps, one row of each `[length, ...]` a step. */
  readonly xs: readonly Tensor[];
  readonly length: number;
  /** Whether the steps go from the last row to the first. */
  readonly reverse: boolean;
}

/** One step: the state and a row of `xs` to the next state and a row of the results. */
export type ScanStep = (
  carry: Tensor[],
  x: Tensor[],
) => readonly [carry: readonly Tensor[], y: readonly Tensor[]];

/** A loop, branch or call that became part of the program being traced. */
export interface ControlFlowResult {
  readonly results: Tensor[];
  /** Tensors from before it that its functions read, by closure or as arguments. */
  readonly captured: readonly Tensor[];
}

/** The interface of an engine that compiles, for the transformations. */
export interface Compiler {
  /** Whether a trace is being recorded now (then `jit` inside `jit` is inlined). */
  isTracing(): boolean;
  /** Whether a tensor stands for a value that only the compiled program will have. */
  isTracer(tensor: Tensor): boolean;
  /**
   * Calls `body` once with tracers in place of `args` and compiles what it records. Nothing is
   * compiled before the first `run`, so `text()` alone is cheap.
   */
  trace(
    args: readonly Tensor[],
    body: (tracers: Tensor[]) => Tensor[],
    options: TraceOptions,
  ): CompiledProgram;
  /**
   * Records a loop, inside a trace; the step is called once. Results: the last state, then rows.
   */
  scan(loop: ScanLoop, step: ScanStep): ControlFlowResult;
  /**
   * Records a loop that runs `body` as long as `condition` (a bool scalar) holds, inside a trace.
   */
  whileLoop(
    init: readonly Tensor[],
    condition: (carry: Tensor[]) => Tensor,
    body: (carry: Tensor[]) => readonly Tensor[],
  ): ControlFlowResult;
  /** Records a branch, inside a trace: the functions are called once each. */
  cond(
    predicate: Tensor,
    ifTrue: () => readonly Tensor[],
    ifFalse: () => readonly Tensor[],
  ): ControlFlowResult;
  /**
   * Calls a function inside a trace, and tells what it reads; the results are tensors of their own.
   */
  watch(fn: () => readonly Tensor[]): ControlFlowResult;
  /**
   * Calls a function inside a trace that gets to see `tensors` only when `others` are computed, so
   * that what it computes of them is computed anew.
   */
  after<T>(tensors: readonly Tensor[], others: readonly Tensor[], fn: () => T): T;
  /** Keeps those tensors that were made in the running trace until it ends. */
  keepInTrace(tensors: readonly Tensor[]): void;
}

/** How numbers of several replicas or processes become one. */
export type Combine = "add" | "maximum" | "minimum";

/** The processes that run one program together; each has as many devices. */
export interface Communicator {
  /** The number of this process among them. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /**
   * Combines arrays elementwise, in place, over a group of processes: each calls it, and gets the
   * result.
   */
  allReduce(
    values: Float32Array | Int32Array,
    combine: Combine,
    group: readonly number[],
  ): void;
  /**
   * Fails on every process unless all of them are about to do the same; waits for all to call it.
   *
   * @param doing What this process is about to do.
   */
  agree(doing: string): void;
}

let communicator: Communicator | null = null;

/** Enters the processes that this one belongs to; null if it is alone. */
export function registerCommunicator(joined: Communicator | null): void {
  communicator = joined;
}

/** The processes that this one belongs to, or null if it is alone. */
export function currentCommunicator(): Communicator | null {
  return communicator && communicator.size > 1 ? communicator : null;
}

const compilers = new Map<string, Compiler>();

/** Enters a compiler under its tfjs backend's name. */
export function registerCompiler(backendName: string, compiler: Compiler): void {
  compilers.set(backendName, compiler);
}

/** The compiler of tfjs's current backend, or null where there is none. */
export function currentCompiler(): Compiler | null {
  return compilers.get(tf.getBackend()) ?? null;
}

/** Whether a tensor stands for a value that is not known yet, inside `jit`. */
export function isTracer(tensor: Tensor): boolean {
  return currentCompiler()?.isTracer(tensor) ?? false;
}
