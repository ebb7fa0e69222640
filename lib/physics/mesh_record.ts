/** A mesh and what is on it: from a record of a data set to tensors. @module */
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { cellsToEdges } from "../spatial/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";
import { NODE_TYPE_SIZE, NodeType } from "./node_type.ts";

/** An array on the host, as data sets give it. */
export type HostArray = ArrayData;

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

/** Numbers of nodes and edges. */
export interface MeshSize {
  /** Nodes, N. */
  readonly nodes: number;
  /** Edges, E: each direction counts. */
  readonly edges: number;
}

/** Options of a mesh's trajectory. */
export interface MeshTrajectoryOptions {
  /** Sizes to pad to, so that meshes of several sizes share one compiled program. */
  readonly padTo?: MeshSize;
}

/** A mesh, and one field on it. */
export interface MeshField {
  readonly mesh: FlowMesh;
  /** float32 `[T, N, D]`, zeros at padding nodes. */
  readonly values: Tensor;
}

/** The fields that are read. */
type MeshRecord = Readonly<Record<"cells" | "mesh_pos" | "node_type", HostArray>>;

/**
 * Puts a mesh of a record on the device, with its edges, and a field on it that has as many
 * components as the mesh has dimensions.
 *
 * @param fields A record, whose `cells`, `mesh_pos`, `node_type` and the field are read.
 * @param name The field's name.
 * @param options Sizes to pad to: WALL_BOUNDARY nodes at the origin, and edges from the last of
 * them to itself.
 * @param action What messages say cannot be done.
 * @returns Tensors, to be disposed by the caller.
 */
export function readMeshField(
  fields: { readonly [field: string]: unknown },
  name: string,
  { padTo }: MeshTrajectoryOptions,
  action: string,
): MeshField {
  const { record, values } = readRecord(fields, name, action);
  const [frames, numNodes, dimension] = values.shape as [number, number, number];
  const type = record.cells.shape[2] === 3 ? "triangle" : dimension === 2 ? "quad" : "tetra";
  const edges = cellsToEdges({ type, data: Int32Array.from(record.cells.data) }, { numNodes });
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
    values: tf.tensor3d(field(values, frames), [frames, full.nodes, dimension]),
  };
}

/** Makes each of `rows` rows longer, filled up with `padding`. */
export function padRows<T extends Float32Array | Int32Array>(
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

/** The fields, once they have the shapes of one mesh. */
function readRecord(
  fields: { readonly [field: string]: unknown },
  name: string,
  action: string,
): { record: MeshRecord; values: HostArray } {
  const { mesh_pos, cells } = fields ?? {};
  const [, nodes = 0, dimension = 0] = isArrayData(mesh_pos) ? mesh_pos.shape : [];
  const corners = isArrayData(cells) && cells.shape[2] === 4 ? 4 : 3;
  const expected = {
    mesh_pos: [1, nodes || "N", dimension || "D"],
    cells: [1, "C", corners],
    node_type: [1, nodes, 1],
    [name]: ["T", nodes, dimension],
  };
  for (const [field, shape] of Object.entries(expected)) {
    checkField(field, fields?.[field], shape, action);
  }
  const record = fields as unknown as MeshRecord;
  const values = fields[name] as HostArray;
  checkFinite("mesh_pos", record.mesh_pos, action);
  checkFinite(name, values, action);
  checkWhole("cells", record.cells, 2 ** 31, action);
  checkWhole("node_type", record.node_type, NODE_TYPE_SIZE, action);
  return { record, values };
}

/** Fails unless a field is an array of a shape, in which a word stands for any number. */
export function checkField(
  name: string,
  array: unknown,
  shape: readonly (number | string)[],
  action: string,
): void {
  const fits = isArrayData(array) && array.shape.length === shape.length &&
    shape.every((length, i) => length === array.shape[i] || typeof length === "string") &&
    array.data.length === sizeOf(array.shape);
  if (fits) return;
  throw new TypeError(
    `Cannot ${action} as ${name} is an array ${formatShape(shape)}: got ` +
      (isArrayData(array)
        ? `shape ${formatShape(array.shape)}, ${array.data.length} numbers`
        : array === undefined
        ? "nothing"
        : describe(array)),
  );
}

/** Fails unless all numbers of a field `[T, N, D]` are finite. */
export function checkFinite(name: string, { shape, data }: HostArray, action: string): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const row = Math.floor(i / shape[2]!);
    throw new RangeError(
      `Cannot ${action} as numbers are finite: ${name} of node ${row % shape[1]!} ` +
        `in frame ${Math.floor(row / shape[1]!)} is ${data[i]}`,
    );
  }
}

/** Fails unless the numbers are whole, from 0 to below `end`. */
function checkWhole(name: string, { data }: HostArray, end: number, action: string): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isInteger(data[i]) && data[i]! >= 0 && data[i]! < end) continue;
    throw new RangeError(
      `Cannot ${action} as ${name} holds whole numbers from 0 to ${end - 1}: number ` +
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
