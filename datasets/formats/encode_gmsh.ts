/** Meshes written as Gmsh's MSH, version 2.2. @module */
import { sizeOf } from "../../lib/base/mod.ts";
import type { DataArray } from "../array.ts";
import {
  type CheckedMesh,
  checkMesh,
  cornersOf,
  type EncodeMeshOptions,
  FileParts,
  inSpace,
  isText,
  type MeshToWrite,
  numberText,
  refuser,
} from "./mesh_to_write.ts";

const refuse = refuser("MSH");

/** Gmsh's numbers of the types of cells. */
const TYPES = { line: 1, triangle: 2, quad: 3, tetra: 4, hexahedron: 5 } as const;

/** The values of cells that are tags of theirs, in Gmsh's order. */
const TAGS = ["gmsh:physical", "gmsh:geometrical"] as const;

/** Collects numbers, as text or as bytes. */
class Numbers {
  readonly #isAscii: boolean;
  readonly #parts: FileParts;

  constructor(parts: FileParts, isAscii: boolean) {
    this.#parts = parts;
    this.#isAscii = isAscii;
  }

  /** One row: 32-bit integers, then doubles. */
  row(integers: readonly number[], doubles: readonly number[] = []): void {
    if (this.#isAscii) {
      this.#parts.line([...integers, ...doubles].map(numberText).join(" "));
      return;
    }
    const bytes = new Uint8Array(4 * integers.length + 8 * doubles.length);
    bytes.set(new Uint8Array(Int32Array.from(integers).buffer));
    bytes.set(new Uint8Array(Float64Array.from(doubles).buffer), 4 * integers.length);
    this.#parts.bytes(bytes);
  }

  /** The end of a section, in a line of its own. */
  end(name: string): void {
    if (!this.#isAscii) this.#parts.line("");
    this.#parts.line(`$End${name}`);
  }
}

function writeElements(
  parts: FileParts,
  numbers: Numbers,
  mesh: CheckedMesh,
  isAscii: boolean,
): void {
  const [physical, geometrical] = TAGS.map((name) => mesh.cellData[name]?.data);
  parts.line(`$Elements\n${mesh.numCells}`);
  let cell = 0;
  for (const { type, corners } of cornersOf(mesh)) {
    const tags = [Number(physical?.[cell] ?? 0), Number(geometrical?.[cell] ?? 0)];
    const nodes = Array.from(corners, (corner) => corner + 1);
    cell++;
    // Binary files tell type, how many follow, and how many tags each has, before them.
    if (isAscii) numbers.row([cell, TYPES[type], 2, ...tags, ...nodes]);
    else numbers.row([TYPES[type], 1, 2, cell, ...tags, ...nodes]);
  }
  numbers.end("Elements");
}

/** Values under the tags of nodes or elements, which are their places from 1. */
function writeView(
  parts: FileParts,
  numbers: Numbers,
  section: string,
  name: string,
  { shape, data }: DataArray,
): void {
  const width = sizeOf(shape.slice(1));
  if (![1, 3, 9].includes(width)) {
    refuse("a view has 1, 3 or 9 values each", `"${name}" of ${width}`, "fill them up with zeros");
  }
  if (/["\n\r]/.test(name)) refuse("names have no quotes and lines", JSON.stringify(name));
  const count = shape[0]!;
  parts.line(`$${section}\n1\n"${name}"\n1\n0\n3\n0\n${width}\n${count}`);
  for (let row = 0; row < count; row++) {
    numbers.row([row + 1], Array.from(data.subarray(row * width, (row + 1) * width), Number));
  }
  numbers.end(section);
}

/**
 * A mesh as Gmsh's MSH of version 2.2, which all programs that know MSH read. Values of points and
 * cells become views, in float64; `gmsh:physical` and `gmsh:geometrical` of cells their tags. What
 * lies in fewer than three dimensions gets zeros for the others.
 *
 * @param mesh The mesh; values by name are optional.
 * @param options Text or binary.
 * @returns The file's bytes.
 * @throws {TypeError} If the mesh does not fit together, or values have other than 1, 3 or 9 each.
 *
 * @example
 * ```ts
 * import { encodeGmsh, parseGmsh } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   points: { shape: [2, 3], data: Float64Array.of(0, 0, 0, 1, 0, 0) },
 *   cells: [{ type: "line" as const, shape: [1, 2], data: Int32Array.of(0, 1) }],
 *   pointData: { heat: { shape: [2], data: Float64Array.of(7, 8) } },
 *   cellData: { "gmsh:physical": { shape: [1], data: Int32Array.of(5) } },
 * };
 * assertEquals(parseGmsh(encodeGmsh(mesh)), mesh);
 * ```
 */
export function encodeGmsh(
  mesh: MeshToWrite,
  options: EncodeMeshOptions = {},
): Uint8Array<ArrayBuffer> {
  const isAscii = isText(options, refuse);
  const checked = checkMesh(mesh, refuse);
  const { points, numPoints, pointData, cellData } = checked;
  const parts = new FileParts();
  const numbers = new Numbers(parts, isAscii);
  parts.line(`$MeshFormat\n2.2 ${isAscii ? 0 : 1} 8`);
  if (!isAscii) {
    parts.bytes(new Uint8Array(Int32Array.of(1).buffer));
    parts.line("");
  }
  parts.line(`$EndMeshFormat\n$Nodes\n${numPoints}`);
  const positions = inSpace(points);
  for (let node = 0; node < numPoints; node++) {
    numbers.row([node + 1], [...positions.subarray(3 * node, 3 * node + 3)]);
  }
  numbers.end("Nodes");
  writeElements(parts, numbers, checked, isAscii);
  for (const [name, array] of Object.entries(pointData)) {
    writeView(parts, numbers, "NodeData", name, array);
  }
  for (const [name, array] of Object.entries(cellData)) {
    const isTag = (TAGS as readonly string[]).includes(name);
    if (!isTag) writeView(parts, numbers, "ElementData", name, array);
  }
  return parts.finish();
}
