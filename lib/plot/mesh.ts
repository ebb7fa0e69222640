/** A triangle mesh on its way into a figure: checked columns, its box, its edges. @module */
import { formatShape } from "../base/mod.ts";
import { type Cells, cellsToEdges } from "../spatial/internal.ts";
import { type ArrayInput, readArray } from "./arrays.ts";
import { splitQuads, surfaceOf } from "./mesh_cells.ts";

/** A mesh as builders accept it: the fields of a record or of a mesh file. */
export interface MeshInput {
  /** Positions of the V nodes, `[V, 2]` or `[V, 3]` (a leading axis of 1 is allowed). */
  readonly points: ArrayInput;
  /** Node indices of the C triangles, `[C, 3]` (a leading axis of 1 is allowed). */
  readonly triangles?: ArrayInput;
  /** Those of quads, `[Q, 4]`, round each of them. */
  readonly quads?: ArrayInput;
  /** Those of tetrahedra, `[K, 4]`, of which the surface is drawn. */
  readonly tetrahedra?: ArrayInput;
}

/** A mesh that has been checked. */
export interface PlotMesh {
  readonly dimension: 2 | 3;
  readonly numPoints: number;
  readonly numTriangles: number;
  /** Coordinates by axis; the third is zero in the plane. */
  readonly columns: readonly [Float32Array, Float32Array, Float32Array];
  /** Node indices, three a triangle; quads are two, tetrahedra those of their surface. */
  readonly triangles: Int32Array;
  /** The quads among them, whose diagonals are no edges. */
  readonly quads: Int32Array;
  /** Least and greatest coordinate of each axis. */
  readonly box: readonly [number, number][];
}

/**
 * Checks a mesh and takes it apart.
 *
 * @throws {TypeError} If points are not `[V, 2]` or `[V, 3]`, or cells not `[C, corners]`.
 * @throws {RangeError} If the mesh is empty, a coordinate is not finite, or an index is out of
 * range.
 */
export function readMeshInput(mesh: MeshInput): PlotMesh {
  if (typeof mesh !== "object" || mesh === null || !("points" in mesh)) {
    throw new TypeError(
      `Cannot draw a mesh as it has points and triangles: got ${
        mesh === null ? "null" : typeof mesh
      }`,
    );
  }
  const points = readArray(mesh.points, "a mesh's points", 2);
  const [numPoints = 0, dimension] = points.shape;
  if (points.data.length === 0) throw empty(points.shape);
  if (points.shape.length !== 2 || (dimension !== 2 && dimension !== 3)) {
    throw new TypeError(
      `Cannot draw a mesh as its points must have shape [V, 2] or [V, 3]: ` +
        `got ${formatShape(points.shape)}`,
    );
  }
  const plain = readCells(mesh, "triangles", numPoints);
  const quads = readCells(mesh, "quads", numPoints);
  const tetrahedra = readCells(mesh, "tetrahedra", numPoints);
  if (tetrahedra.length > 0 && dimension === 2) {
    throw new TypeError("Cannot draw a mesh as tetrahedra have points in space: got [V, 2]");
  }
  const triangles = join(plain, splitQuads(quads), surfaceOf(tetrahedra));
  if (triangles.length === 0) throw empty(points.shape);
  const columns = splitColumns(points.data, numPoints, dimension);
  const box = columns.map((c): [number, number] => [min(c), max(c)]);
  if (dimension === 2 && box.slice(0, 2).some(([low, high]) => low === high)) {
    throw new RangeError(
      `Cannot draw a mesh as its points must span an area: all lie on one line parallel to an axis`,
    );
  }
  return {
    ...{ dimension, numPoints, numTriangles: triangles.length / 3 },
    ...{ columns, triangles, quads, box },
  };
}

function empty(points: readonly number[]): RangeError {
  return new RangeError(
    `Cannot draw a mesh as it is empty: points ${formatShape(points)}, no cells to draw`,
  );
}

const CELLS = { triangles: 3, quads: 4, tetrahedra: 4 } as const;
const ONE = { triangles: "triangle", quads: "quad", tetrahedra: "tetrahedron" } as const;

/** The node indices of cells of one kind; none where there are none. */
function readCells(mesh: MeshInput, kind: keyof typeof CELLS, numPoints: number): Int32Array {
  const given = mesh[kind];
  if (given === undefined) return new Int32Array(0);
  const { shape, data } = readArray(given, `a mesh's ${kind}`, 2);
  if (data.length > 0 && (shape.length !== 2 || shape[1] !== CELLS[kind])) {
    throw new TypeError(
      `Cannot draw a mesh as its ${kind} must have shape [C, ${CELLS[kind]}]: got ${
        formatShape(shape)
      }` + (kind === "triangles" ? " (pass {quads} or {tetrahedra}, or split other cells)" : ""),
    );
  }
  for (let n = 0; n < data.length; n++) {
    const index = data[n]!;
    if (Number.isInteger(index) && index >= 0 && index < numPoints) continue;
    throw new RangeError(
      `Cannot draw a mesh as its ${kind} must index its ${numPoints} points: ` +
        `${ONE[kind]} ${Math.floor(n / CELLS[kind])} has index ${index}`,
    );
  }
  return Int32Array.from(data);
}

function join(...parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return joined;
}

function splitColumns(
  data: ArrayLike<number>,
  numPoints: number,
  dimension: number,
): [Float32Array, Float32Array, Float32Array] {
  const columns = Array.from({ length: 3 }, () => new Float32Array(numPoints));
  for (let n = 0; n < data.length; n++) {
    if (!Number.isFinite(data[n]!)) {
      throw new RangeError(
        `Cannot draw a mesh as its coordinates must be finite: point ` +
          `${Math.floor(n / dimension)} has ${data[n]}`,
      );
    }
    columns[n % dimension]![Math.floor(n / dimension)] = data[n]!;
  }
  return columns as [Float32Array, Float32Array, Float32Array];
}

function min(values: Float32Array): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function max(values: Float32Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/**
 * The edges of a mesh, two nodes each, every edge once; `"boundary"` keeps those that belong to one
 * triangle only: the outline and the rims of the holes.
 */
export function meshEdges(mesh: PlotMesh, which: "all" | "boundary"): Int32Array {
  const { senders, receivers } = cellsToEdges(blocksOf(mesh));
  const shared = which === "boundary" ? triangleCounter(mesh) : () => 1;
  const edges: number[] = [];
  // The second half are the same edges in the other direction.
  for (let e = 0; e < senders.length / 2; e++) {
    const [a, b] = [receivers[e]!, senders[e]!];
    if (shared(a, b) === 1) edges.push(a, b);
  }
  return Int32Array.from(edges);
}

/** The cells whose sides are edges: quads as they are, and triangles that are none of theirs. */
function blocksOf({ triangles, quads }: PlotMesh): Cells[] {
  if (quads.length === 0) return [{ type: "triangle", data: triangles }];
  const halves = new Set<string>();
  const split = splitQuads(quads);
  const key = (data: Int32Array, at: number): string => data.subarray(at, at + 3).join();
  for (let at = 0; at < split.length; at += 3) halves.add(key(split, at));
  const others: number[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    if (!halves.has(key(triangles, at))) others.push(...triangles.subarray(at, at + 3));
  }
  return [{ type: "triangle", data: Int32Array.from(others) }, { type: "quad", data: quads }];
}

/** Counts the triangles that two nodes share. */
function triangleCounter({ triangles, numPoints }: PlotMesh): (a: number, b: number) => number {
  const around = Array.from({ length: numPoints }, (): number[] => []);
  triangles.forEach((node, n) => around[node]!.push(n - n % 3));
  const has = (first: number, node: number): boolean =>
    triangles.subarray(first, first + 3).includes(node);
  return (a, b) => {
    const [few, other] = around[a]!.length < around[b]!.length ? [around[a]!, b] : [around[b]!, a];
    return few.filter((first) => has(first, other)).length;
  };
}

/** Columns of line segments along edges, a gap (NaN) after each. */
export function edgeColumns(mesh: PlotMesh, edges: Int32Array): Float32Array[] {
  return mesh.columns.map((column) => {
    const line = new Float32Array(edges.length / 2 * 3).fill(NaN);
    for (let e = 0; e < edges.length / 2; e++) {
      line[3 * e] = column[edges[2 * e]!]!;
      line[3 * e + 1] = column[edges[2 * e + 1]!]!;
    }
    return line;
  });
}

/** Triangles of which all three nodes have a finite value. */
export function finiteTriangles(mesh: PlotMesh, field: ArrayLike<number>): Int32Array {
  const kept: number[] = [];
  for (let c = 0; c < mesh.triangles.length; c += 3) {
    const corners = mesh.triangles.subarray(c, c + 3);
    if (corners.every((n) => Number.isFinite(field[n]!))) kept.push(...corners);
  }
  return Int32Array.from(kept);
}
