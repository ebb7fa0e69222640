/** Meshes written as PLY. @module */
import { sizeOf } from "../../lib/base/mod.ts";
import { type DataArray, type DType, dtypeOf, toBytes } from "../array.ts";
import {
  C_NAMES,
  type CheckedMesh,
  checkMesh,
  checkTypes,
  cornersOf,
  type EncodeMeshOptions,
  FileParts,
  isText,
  type MeshToWrite,
  numberText,
  refuser,
} from "./mesh_to_write.ts";

const refuse = refuser("PLY");

/** PLY's names of the types of numbers; it has none of 64-bit integers. */
const TYPE_NAMES: Readonly<Partial<Record<DType, string>>> = {
  ...C_NAMES,
  uint8: "uchar",
  uint16: "ushort",
  uint32: "uint",
};

/** The longest list of a row, as its length is a byte. */
const MAX_WIDTH = 255;

/** A value, or a list of them, of each row of an element. */
interface Property {
  readonly name: string;
  readonly array: DataArray;
  /** The number of values in a row; null for one that is no list. */
  readonly width: number | null;
}

/** Names that have a meaning of their own. */
const TAKEN = ["x", "y", "z", "vertex_indices", "vertex_index", "vertex1", "vertex2"];

/** Values of points or cells as properties. */
function propertiesOf(arrays: Readonly<Record<string, DataArray>>): Property[] {
  return Object.entries(arrays).map(([name, array]) => {
    if (TAKEN.includes(name)) refuse(`values are not called ${TAKEN.join(", ")}`, `"${name}"`);
    return propertyOf(name, array);
  });
}

function propertyOf(name: string, array: DataArray): Property {
  const width = array.shape.length > 1 ? sizeOf(array.shape.slice(1)) : null;
  if (!/^[!-~]+$/.test(name)) refuse("names are of letters without spaces", `"${name}"`);
  if (!TYPE_NAMES[dtypeOf(array.data)]) {
    refuse("its numbers have 32 bits, or are floats", `"${name}" of ${dtypeOf(array.data)}`);
  }
  if ((width ?? 1) > MAX_WIDTH) {
    refuse(`a row has at most ${MAX_WIDTH} values`, `"${name}" of ${width}`);
  }
  return { name, array, width };
}

/** The coordinates as properties of their own. */
function coordinates({ points: { shape, data } }: CheckedMesh): Property[] {
  const [count = 0, dim = 0] = shape;
  return ["x", "y", "z"].slice(0, dim).map((name, axis) => {
    const own = data.filter((_, i) => i % dim === axis);
    return propertyOf(name, { shape: [count], data: own });
  });
}

/** An element of the file: so many rows of properties. */
interface Element {
  readonly name: string;
  readonly count: number;
  /** The corners of each row; null where it is no face. */
  readonly corners: readonly Int32Array[] | null;
  readonly properties: readonly Property[];
}

function elementsOf(mesh: CheckedMesh): Element[] {
  const cells = [...cornersOf(mesh)];
  const faces = cells.filter(({ type }) => type !== "line").map(({ corners }) => corners);
  const lines = cells.filter(({ type }) => type === "line").map(({ corners }) => corners);
  const values = propertiesOf(mesh.cellData);
  const isMixed = faces.length > 0 && lines.length > 0;
  if (isMixed && values.length > 0) {
    refuse("lines and faces are two elements", "values of both", "leave them out, or write VTK");
  }
  const ends = [0, 1].map((end) => ({
    shape: [lines.length],
    data: Int32Array.from(lines, (line) => line[end]!),
  }));
  return [
    {
      name: "vertex",
      count: mesh.numPoints,
      corners: null,
      properties: [...coordinates(mesh), ...propertiesOf(mesh.pointData)],
    },
    {
      name: "face",
      count: faces.length,
      corners: faces,
      properties: lines.length > 0 ? [] : values,
    },
    {
      name: "edge",
      count: lines.length,
      corners: null,
      properties: [
        propertyOf("vertex1", ends[0]!),
        propertyOf("vertex2", ends[1]!),
        ...(faces.length > 0 ? [] : values),
      ],
    },
  ].filter(({ name, count }) => name !== "edge" || count > 0);
}

function writeHeader(parts: FileParts, elements: readonly Element[], isAscii: boolean): void {
  parts.line("ply");
  parts.line(`format ${isAscii ? "ascii" : "binary_little_endian"} 1.0`);
  for (const { name, count, corners, properties } of elements) {
    parts.line(`element ${name} ${count}`);
    if (corners) parts.line("property list uchar int vertex_indices");
    for (const { name, array, width } of properties) {
      const type = TYPE_NAMES[dtypeOf(array.data)]!;
      parts.line(`property ${width === null ? "" : "list uchar "}${type} ${name}`);
    }
  }
  parts.line("end_header");
}

/** The values of one row, each list with its length before it. */
function rowText({ corners, properties }: Element, row: number): string {
  const lists = corners ? [[corners[row]!.length, ...corners[row]!]] : [];
  const values = properties.flatMap(({ array: { data }, width }) => {
    const own = Array.from(data.subarray(row * (width ?? 1), (row + 1) * (width ?? 1)), numberText);
    return width === null ? own : [`${width}`, ...own];
  });
  return [...lists.flat(), ...values].join(" ");
}

/** All rows of an element as bytes, little-endian. */
function rowBytes({ count, corners, properties }: Element): Uint8Array {
  const columns = properties.map(({ array, width }) => ({
    bytes: toBytes(array.data),
    size: array.data.BYTES_PER_ELEMENT * (width ?? 1),
    width,
  }));
  const fixed = columns.reduce((sum, { size, width }) => sum + size + (width === null ? 0 : 1), 0);
  const ofCorners = corners?.reduce((sum, { length }) => sum + 1 + 4 * length, 0) ?? 0;
  const bytes = new Uint8Array(count * fixed + ofCorners);
  let at = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  for (let row = 0; row < count; row++) {
    if (corners) {
      bytes[at++] = corners[row]!.length;
      put(toBytes(corners[row]!));
    }
    for (const { bytes: column, size, width } of columns) {
      if (width !== null) bytes[at++] = width;
      put(column.subarray(row * size, (row + 1) * size));
    }
  }
  return bytes;
}

/**
 * A mesh as PLY: triangles and quads as element `face`, lines as `edge` behind them, and values of
 * points and cells by their names, several a row as lists.
 *
 * @param mesh The mesh; values by name are optional.
 * @param options Text or binary (little-endian).
 * @returns The file's bytes.
 * @throws {TypeError} If the mesh does not fit together, has solid cells, integers of 64 bits, or
 *   values of both lines and faces.
 *
 * @example
 * ```ts
 * import { encodePly, parsePly } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   points: { shape: [3, 2], data: Float32Array.of(0, 0, 1, 0, 0, 1) },
 *   cells: [{ type: "triangle" as const, shape: [1, 3], data: Int32Array.of(0, 1, 2) }],
 *   pointData: { heat: { shape: [3], data: Float64Array.of(1, 2, 3) } },
 *   cellData: { part: { shape: [1, 2], data: Uint8Array.of(7, 8) } },
 * };
 * assertEquals(parsePly(encodePly(mesh)), mesh);
 * ```
 */
export function encodePly(
  mesh: MeshToWrite,
  options: EncodeMeshOptions = {},
): Uint8Array<ArrayBuffer> {
  const isAscii = isText(options, refuse);
  const checked = checkMesh(mesh, refuse);
  checkTypes(checked, ["line", "triangle", "quad"], refuse);
  if (checked.points.shape[1] === 1) refuse("points have x and y", "one coordinate");
  const elements = elementsOf(checked);
  const parts = new FileParts();
  writeHeader(parts, elements, isAscii);
  for (const element of elements) {
    if (!isAscii) parts.bytes(rowBytes(element));
    else parts.lines(Array.from({ length: element.count }, (_, row) => rowText(element, row)));
  }
  return parts.finish();
}
