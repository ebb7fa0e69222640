/** A flow on a mesh: from a record of a data set to tensors. @module */
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { cellsToEdges } from "../../spatial/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { NODE_TYPE_SIZE, NodeType } from "../node_type.ts";

/** An array on the host, as data sets give it. */
export type HostArray = ArrayData;

/**
 * The fields of a record of MeshGraphNets' `cylinder_flow` that are read; C triangles, T frames.
 */
export type FlowRecord = {
  /** int32 `[1, C, 3]`. */
  readonly cells: HostArray;
  /** float32 `[1, N, D]`. */
  readonly mesh_pos: HostArray;
  /** int32 `[1, N, 1]`. */
  readonly node_type: HostArray;
  /** float32 `[T, N, D]`. */
  readonly velocity: HostArray;
};

/** A mesh as tensors: what stays the same over a trajectory. */
export type FlowMesh = {
  /** float32 `[N, D]`. */
  readonly position: Tensor;
  /** int32 `[N]`. */
  readonly nodeType: Tensor;
  /** int32 `[E]`. */
  readonly senders: Tensor;
  /** int32 `[E]`. */
  readonly receivers: Tensor;
  /** bool `[N]`, false for padding. */
  readonly nodeMask: Tensor;
  /** bool `[E]`, false for padding. */
  readonly edgeMask: Tensor;
};

/** A mesh and the flow on it, on the device: frames are picked there, not uploaded. */
export type FlowTrajectory = {
  /** The mesh, which stays the same. */
  readonly mesh: FlowMesh;
  /** float32 `[T, N, D]`. */
  readonly velocity: Tensor;
};

/** Numbers of nodes and edges. */
export interface MeshSize {
  /** Nodes, N. */
  readonly nodes: number;
  /** Edges, E: each direction counts. */
  readonly edges: number;
}

/** Options of {@linkcode flowTrajectory}. */
export interface FlowTrajectoryOptions {
  /** Sizes to pad to, so that meshes of several sizes share one compiled program. */
  readonly padTo?: MeshSize;
}

/**
 * Puts a record of `cylinder_flow` on the device: a mesh with its edges, and the velocities.
 *
 * With `padTo`, nodes of type WALL_BOUNDARY at the origin, and edges from the last of them to
 * itself, are added; the masks tell them apart.
 *
 * @param fields A record of a data set, with the fields of a {@linkcode FlowRecord}; others are not
 * looked at.
 * @param options Sizes to pad to.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing or has another shape.
 * @throws {RangeError} If a cell names a node that is not there, a number is not finite, or `padTo`
 * is too small (padding edges need a padding node).
 *
 * @example One triangle, two frames
 * ```ts
 * import { flowTrajectory } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { mesh, velocity } = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [2, 3, 2], data: new Float32Array(12) },
 * });
 * assertEquals([...mesh.senders.dataSync()], [1, 2, 2, 0, 1, 0]);
 * assertEquals(velocity.shape, [2, 3, 2]);
 * ```
 */
export function flowTrajectory(
  fields: { readonly [field: string]: unknown },
  { padTo }: FlowTrajectoryOptions = {},
): FlowTrajectory {
  const record = readRecord(fields);
  const [frames, numNodes, dimension] = record.velocity.shape as [number, number, number];
  const edges = cellsToEdges(
    { type: "triangle", data: Int32Array.from(record.cells.data) },
    { numNodes },
  );
  const size: MeshSize = { nodes: numNodes, edges: edges.senders.length };
  const full = padTo ?? size;
  checkPadding(size, full);
  const ids = (values: ArrayLike<number>, length: number, padding: number): Tensor =>
    tf.tensor1d(padRows(Int32Array.from(values), 1, values.length, length, padding), "int32");
  const mask = (length: number, paddedLength: number): Tensor =>
    tf.tensor1d(Uint8Array.from({ length: paddedLength }, (_, i) => i < length ? 1 : 0), "bool");
  const field = ({ data }: HostArray, rows: number): Float32Array =>
    padRows(Float32Array.from(data), rows, numNodes * dimension, full.nodes * dimension, 0);
  return {
    mesh: {
      position: tf.tensor2d(field(record.mesh_pos, 1), [full.nodes, dimension]),
      nodeType: ids(record.node_type.data, full.nodes, NodeType.WALL_BOUNDARY),
      senders: ids(edges.senders, full.edges, full.nodes - 1),
      receivers: ids(edges.receivers, full.edges, full.nodes - 1),
      nodeMask: mask(size.nodes, full.nodes),
      edgeMask: mask(size.edges, full.edges),
    },
    velocity: tf.tensor3d(field(record.velocity, frames), [frames, full.nodes, dimension]),
  };
}

/** Makes each of `rows` rows longer, filled up with `padding`. */
function padRows<T extends Float32Array | Int32Array>(
  data: T,
  rows: number,
  length: number,
  paddedLength: number,
  padding: number,
): T {
  if (length === paddedLength) return data;
  const out = new (data.constructor as new (size: number) => T)(rows * paddedLength).fill(padding);
  for (let row = 0; row < rows; row++) {
    out.set(data.subarray(row * length, (row + 1) * length), row * paddedLength);
  }
  return out as T;
}

/** The fields of a flow, once they have the shapes of one mesh. */
function readRecord(fields: { readonly [field: string]: unknown }): FlowRecord {
  const { mesh_pos } = fields ?? {};
  const [, nodes = 0, dimension = 0] = isArrayData(mesh_pos) ? mesh_pos.shape : [];
  const expected = {
    mesh_pos: [1, nodes || "N", dimension || "D"],
    cells: [1, "C", 3],
    node_type: [1, nodes, 1],
    velocity: ["T", nodes, dimension],
  } as const;
  for (const [name, shape] of Object.entries(expected)) checkShape(name, fields?.[name], shape);
  const record = fields as FlowRecord;
  for (const name of ["mesh_pos", "velocity"] as const) checkFinite(name, record[name]);
  checkWhole("cells", record.cells, 2 ** 31);
  checkWhole("node_type", record.node_type, NODE_TYPE_SIZE);
  return record;
}

function checkShape(name: string, array: unknown, shape: readonly (number | string)[]): void {
  const fits = isArrayData(array) && array.shape.length === shape.length &&
    shape.every((length, i) => length === array.shape[i] || typeof length === "string") &&
    array.data.length === sizeOf(array.shape);
  if (fits) return;
  throw new TypeError(
    `Cannot make a flow trajectory as ${name} is an array ${formatShape(shape)}: got ` +
      (isArrayData(array)
        ? `shape ${formatShape(array.shape)}, ${array.data.length} numbers`
        : array === undefined
        ? "nothing"
        : describe(array)),
  );
}

function checkFinite(name: string, { shape, data }: HostArray): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const row = Math.floor(i / shape[2]!);
    throw new RangeError(
      `Cannot make a flow trajectory as numbers are finite: ${name} of node ${row % shape[1]!} ` +
        `in frame ${Math.floor(row / shape[1]!)} is ${data[i]}`,
    );
  }
}

/** Fails unless the numbers are whole, from 0 to below `end`. */
function checkWhole(name: string, { data }: HostArray, end: number): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isInteger(data[i]) && data[i]! >= 0 && data[i]! < end) continue;
    throw new RangeError(
      `Cannot make a flow trajectory as ${name} holds whole numbers from 0 to ${end - 1}: number ` +
        `${i} is ${data[i]}`,
    );
  }
}

function checkPadding(size: MeshSize, full: MeshSize): void {
  const needsNode = full.edges > size.edges ? 1 : 0;
  const isWhole = Number.isInteger(full.nodes) && Number.isInteger(full.edges);
  if (isWhole && full.edges >= size.edges && full.nodes >= size.nodes + needsNode) return;
  throw new RangeError(
    `Cannot pad a mesh as it must fit, with a node left where edges are padded: it has ` +
      `${size.nodes} nodes and ${size.edges} edges, padTo is ${full.nodes} nodes and ` +
      `${full.edges} edges`,
  );
}
