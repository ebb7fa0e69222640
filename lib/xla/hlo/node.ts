/**
 * The graph that tfjs kernels record: a directed acyclic graph of StableHLO operations.
 *
 * A node has one result, but for loops and branches, whose `element`s have one each. What it holds
 * never changes, except that a node whose value has been computed gets `data` and lets go of its
 * inputs. Nodes are counted: a node is kept alive by the tensors that show it and by the nodes that
 * read it, and when nothing does, its buffer is freed.
 *
 * @module
 */
import { sizeOf } from "../../base/mod.ts";
import type { HostArray } from "./host_array.ts";
import type {
  BinaryOp,
  Combine,
  ConvolutionDims,
  Direction,
  ElementType,
  GatherDims,
  ScatterDims,
  UnaryOp,
  WindowDims,
} from "./op.ts";

export { sameShape, sizeOf } from "../../base/mod.ts";

/** A program that was called but did not run, because it is not compiled yet. */
export interface PendingCall {
  /** Compiles the program without blocking the event loop. */
  prepare(): Promise<void>;
  /** Runs it, compiling it if need be: then the nodes of its results have data. */
  finish(): void;
}

/** A function inside the graph: it reads its parameters and nothing else. */
export interface Region {
  readonly parameters: readonly HloNode[];
  readonly outputs: readonly HloNode[];
}

/** The attributes of each operation; elementwise ones have none. */
export type Attrs =
  & { readonly [K in UnaryOp | BinaryOp]: null }
  & {
    /** An argument of the program that is being traced. */
    readonly parameter: { readonly trace: object };
    /** A result of a call that did not run yet; never part of a program. */
    readonly call: { readonly call: PendingCall };
    /** A value that is on a device: always has `data`. */
    readonly value: null;
    /** One number everywhere. */
    readonly constant: { readonly value: number };
    readonly iota: { readonly dimension: number };
    /**
     * The first operand, but not before the others are there; so what is computed of it is not
     * what was computed of it earlier.
     */
    readonly after: null;
    readonly is_finite: null;
    readonly compare: { readonly direction: Direction };
    readonly select: null;
    /** `a * b + c`, rounded once where the compiler fuses it, as it does on today's CPUs. */
    readonly multiply_add: null;
    readonly convert: null;
    readonly bitcast_convert: null;
    readonly reshape: null;
    readonly transpose: { readonly permutation: readonly number[] };
    readonly broadcast_in_dim: { readonly dims: readonly number[] };
    readonly slice: { readonly start: readonly number[]; readonly stride: readonly number[] };
    readonly pad: {
      readonly low: readonly number[];
      readonly high: readonly number[];
      readonly interior: readonly number[];
    };
    readonly reverse: { readonly dims: readonly number[] };
    readonly concatenate: { readonly dimension: number };
    readonly dot_general: {
      /** Number of leading batch dimensions, the same on both sides. */
      readonly batch: number;
      readonly lhsContract: number;
      readonly rhsContract: number;
    };
    /**
     * `[batch, ...spatial, in]` and `[...spatial, in / groups, out]` to `[batch, ...spatial, out]`.
     */
    readonly convolution: ConvolutionDims;
    readonly reduce_window: WindowDims & { readonly combine: Combine };
    /** Adds each number of the second operand where the first has its window's first maximum. */
    readonly scatter_to_maximum: WindowDims;
    readonly reduce: { readonly combine: Combine; readonly dims: readonly number[] };
    readonly gather: GatherDims & { readonly indicesAreSorted: boolean };
    readonly scatter: ScatterDims & {
      readonly combine: Combine;
      readonly indicesAreSorted: boolean;
      readonly uniqueIndices: boolean;
    };
    /**
     * A box of the operand's rank at a start that is computed: operands are it and a scalar a
     * dimension.
     */
    readonly dynamic_slice: null;
    /** The first operand with the second written over it, at a start as in `dynamic_slice`. */
    readonly dynamic_update_slice: null;
    /**
     * A loop of several results. The operands are the state at the start, then what stays the same;
     * `condition` and `body` take all of them, and the body gives the next state.
     */
    readonly while: { readonly condition: Region; readonly body: Region };
    /**
     * The results of the branch that the first operand numbers; branches take the other operands.
     */
    readonly case: { readonly branches: readonly Region[] };
    /** One result of a `while` or `case`, which by itself has no value. */
    readonly element: { readonly index: number };
    /** Combines the values that the replicas of a group have; each gets the result. */
    readonly all_reduce: {
      readonly combine: "add" | "maximum" | "minimum";
      /** Numbers of replicas; each replica is in one group. */
      readonly groups: readonly (readonly number[])[];
    };
    /** Combines what groups of replicas of this process have with what those of others have. */
    readonly process_reduce: {
      readonly combine: "add" | "maximum" | "minimum";
      /** Replicas of this process that have the same value already. */
      readonly groups: readonly (readonly number[])[];
      /** Numbers of the processes. */
      readonly processes: readonly number[];
    };
    /** The number of the replica that computes it, int32. */
    readonly replica_id: null;
    /** Sorts the last dimension of the keys, stably, and gives the positions they came from. */
    readonly argsort: { readonly descending: boolean };
  };

/** The name of an operation. */
export type Op = keyof Attrs;

/** A value on its device; the backend says how to free it. */
export interface DeviceData {
  /** The values, where they are on the host. */
  readonly host?: HostArray | null;
  dispose(): void;
}

/** A node of the graph. */
export interface HloNode<O extends Op = Op> {
  readonly id: number;
  readonly op: O;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly attrs: Attrs[O];
  /**
   * Whether the value depends on an argument of a trace, or on replicas, and so is not known yet.
   */
  readonly traced: boolean;
  inputs: readonly HloNode[];
  /** Length of the longest chain of pending nodes that ends here. */
  readonly depth: number;
  /** The value on its device, once it is computed. */
  data: DeviceData | null;
  /** Tensors and nodes that keep this node. */
  references: number;
  /** Tensors that show this node: what they show is worth keeping when a program computes it. */
  tensors: number;
}

/** Operations that have a value only where a program runs. */
const ONLY_IN_PROGRAMS: ReadonlySet<Op> = new Set<Op>([
  "parameter",
  "all_reduce",
  "process_reduce",
  "replica_id",
]);

let nextId = 0;

/** The id that the next node will get; ids grow, so this marks a moment. */
export function currentId(): number {
  return nextId;
}

/**
 * Makes a node; use the builders in `build.ts`, which infer shapes.
 *
 * A result without elements is a constant, however it was to be computed, so that compilers, which
 * are apt to stumble over it, never see it worked on.
 */
export function makeNode<O extends Op>(
  op: O,
  inputs: readonly HloNode[],
  shape: readonly number[],
  type: ElementType,
  attrs: Attrs[O],
): HloNode<O> {
  if (op !== "constant" && op !== "parameter" && sizeOf(shape) === 0) {
    return makeNode("constant", [], shape, type, { value: 0 }) as HloNode as HloNode<O>;
  }
  let traced = ONLY_IN_PROGRAMS.has(op);
  let depth = 0;
  for (const input of inputs) {
    traced ||= input.traced;
    if (!input.data) depth = Math.max(depth, input.depth + 1);
  }
  return {
    id: nextId++,
    op,
    shape,
    type,
    attrs,
    traced,
    depth,
    inputs,
    data: null,
    references: 0,
    tensors: 0,
  };
}

/** Whether a node is of an operation, for narrowing. */
export function isOp<O extends Op>(node: HloNode, op: O): node is HloNode<O> {
  return node.op === op;
}

/** Whether a node is a constant of one value. */
export function isConstant(node: HloNode, value: number): boolean {
  return isOp(node, "constant") && Object.is(node.attrs.value, value);
}

/** Keeps a node; the first reference keeps its inputs too. */
export function retain(node: HloNode): void {
  const stack = [node];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.references++ === 0) stack.push(...top.inputs);
  }
}

/** Undoes one `retain`; the last one frees the node's data and lets go of its inputs. */
export function release(node: HloNode): void {
  const stack = [node];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (--top.references > 0) continue;
    stack.push(...top.inputs);
    top.data?.dispose();
    top.data = null;
  }
}

/** Gives a pending node its value and lets go of what it was computed from. */
export function settle(node: HloNode, data: DeviceData): void {
  const inputs = node.inputs;
  node.data = data;
  node.inputs = [];
  if (node.references > 0) inputs.forEach(release);
}
