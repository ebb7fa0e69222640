/** Meshes in MATLAB's files, by the names that are in use. @module */
import type { CellType } from "../../lib/spatial/mod.ts";
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { DataArray } from "../array.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";
import { type MatStruct, type MatValue, parseMat } from "./mat.ts";
import type { Mesh, MeshCells } from "./mesh.ts";

/** Points and cells of a mesh as they stand in a file: a row each. */
interface Found {
  readonly points: DataArray;
  /** Corners are numbered from 1. */
  readonly cells: DataArray;
  readonly type: CellType;
}

/** Names of points and of cells that go together, and whether a column is a point or a cell. */
const NAMES: readonly {
  readonly points: readonly string[];
  readonly cells: string;
  readonly isColumns?: boolean;
}[] = [
  // TOSCA and SHREC, FAUST in their form, and MATLAB's own patch, isosurface and triangulation.
  { points: ["X", "Y", "Z"], cells: "TRIV" },
  { points: ["VERT"], cells: "TRIV" },
  { points: ["vertices"], cells: "faces" },
  { points: ["Points"], cells: "ConnectivityList" },
  // The PDE Toolbox: a column a node, and behind the corners of each element its subdomain.
  { points: ["p"], cells: "t", isColumns: true },
];

/**
 * Reads a mesh of a MATLAB file of version 5: variables, or fields of a struct, of the names
 * `X`, `Y`, `Z` (or `VERT`) and `TRIV`, as in TOSCA, SHREC and FAUST; `vertices` and `faces`, as in
 * MATLAB's patches; `Points` and `ConnectivityList` of a struct; `p` and `t` of the PDE Toolbox,
 * whose subdomains become `cellData.subdomain`. Three corners make a triangle, four a tetrahedron
 * where `p` has three rows, else a quad.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points in float64, or float32 where the file says single.
 * @throws {DataFormatError} If the file is damaged, has no such variables, or a cell names a point
 *   that is not there.
 *
 * @example
 * ```ts ignore
 * const { points, cells } = await parseMatMesh(await Deno.readFile("cat0.mat"));
 * ```
 */
export async function parseMatMesh(bytes: Uint8Array, place: Place = {}): Promise<Mesh> {
  const variables = await parseMat(bytes, place);
  const structs = [variables, ...Object.values(variables).filter(isStruct)];
  for (const struct of structs) {
    for (const names of NAMES) {
      const found = find(struct, names);
      if (found) return meshOf(found, place);
    }
  }
  throw failure(
    place,
    `variables of a mesh, such as X, Y, Z and TRIV, or p and t`,
    Object.keys(variables).join(", ") || "none",
  );
}

function isStruct(value: MatValue): value is MatStruct {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !("shape" in value);
}

function isArray(value: MatValue | undefined): value is DataArray {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value &&
    ArrayBuffer.isView(value.data);
}

function find(
  struct: MatStruct,
  { points, cells, isColumns }: (typeof NAMES)[number],
): Found | null {
  const columns = points.map((name) => struct[name]).filter(isArray);
  const corners = struct[cells];
  if (columns.length < points.length || !isArray(corners)) return null;
  if (isColumns) {
    const [p, t] = [turned(columns[0]!), turned(corners)];
    return { points: p, cells: t, type: p.shape[1] === 3 ? "tetra" : "triangle" };
  }
  const type = corners.shape[1] === 4 ? "quad" : "triangle";
  return { points: columns.length === 1 ? columns[0]! : joined(columns), cells: corners, type };
}

/** Rows as columns. */
function turned({ shape, data }: DataArray): DataArray {
  const [rows = 0, columns = 0] = shape;
  const turnedData = Float64Array.from(
    { length: data.length },
    (_, i) => Number(data[(i % rows) * columns + Math.floor(i / rows)]),
  );
  return { shape: [columns, rows], data: turnedData };
}

/** Lists of numbers as the columns of one array. */
function joined(columns: readonly DataArray[]): DataArray {
  const count = columns[0]!.data.length;
  const data = new Float64Array(count * columns.length);
  columns.forEach(({ data: column }, k) => {
    for (let i = 0; i < count; i++) data[i * columns.length + k] = Number(column[i]);
  });
  return { shape: [count, columns.length], data };
}

function meshOf({ points, cells, type }: Found, place: Place): Mesh {
  const [numPoints = 0, dim = 0] = points.shape;
  const [numCells = 0, width = 0] = cells.shape;
  const corners = CORNERS[type];
  if (dim < 2 || dim > 3 || width < corners) {
    const actual = `[${points.shape.join(", ")}] and [${cells.shape.join(", ")}]`;
    throw failure(place, "points in 2 or 3 dimensions, and cells of 3 or 4 corners", actual);
  }
  const data = new Int32Array(numCells * corners);
  for (let i = 0; i < data.length; i++) {
    const corner = Number(cells.data[Math.floor(i / corners) * width + i % corners]);
    if (!Number.isInteger(corner) || corner < 1 || corner > numPoints) {
      throw failure(place, `corners among the ${numPoints} points, from 1`, `${corner}`);
    }
    data[i] = corner - 1;
  }
  const block: MeshCells = { type, shape: [numCells, corners], data };
  return {
    points: { shape: [numPoints, dim], data: floats(points.data) },
    cells: numCells === 0 ? [] : [block],
    pointData: {},
    cellData: width > corners ? { subdomain: subdomains(cells, corners) } : {},
  };
}

function floats(data: DataArray["data"]): Float32Array | Float64Array {
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  return isFloat ? data : Float64Array.from(Array.from<number | bigint, number>(data, Number));
}

/** What stands behind the corners of each cell. */
function subdomains({ shape: [rows = 0, width = 0], data }: DataArray, corners: number): DataArray {
  const values = Int32Array.from({ length: rows }, (_, row) => Number(data[row * width + corners]));
  return { shape: [rows], data: values };
}

function failure(place: Place, expected: string, actual: string): DataFormatError {
  const byteOffset = 0;
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given bytes"} as a mesh of MATLAB: expected ${expected} in ` +
      `the variables from byte ${byteOffset} on, got ${actual} (rename them, and save them again)`,
    { ...place, byteOffset },
  );
}
