/** Meshes written as stereolithography, STL. @module */
import {
  type CheckedMesh,
  checkMesh,
  checkNoData,
  checkTypes,
  cornersOf,
  type EncodeMeshOptions,
  FileParts,
  inSpace,
  isText,
  type MeshToWrite,
  numberText,
  refuser,
} from "./mesh_to_write.ts";

const refuse = refuser("STL");

/** Bytes of a binary file before its triangles, and of each of them. */
const HEADER_SIZE = 84;
const TRIANGLE_SIZE = 50;

/** The normal of each triangle, of length 1 (0 where it has no area), and its three corners. */
function* facets(mesh: CheckedMesh): Generator<number[]> {
  const positions = inSpace(mesh.points);
  for (const { corners } of cornersOf(mesh)) {
    const [a, b, c] = Array.from(corners, (point) => positions.subarray(3 * point, 3 * point + 3));
    const side = (to: typeof a) => [0, 1, 2].map((i) => to![i]! - a![i]!);
    const [u, v] = [side(b), side(c)] as [number[], number[]];
    const cross = [0, 1, 2].map((i) => {
      const [j, k] = [(i + 1) % 3, (i + 2) % 3];
      return u[j]! * v[k]! - u[k]! * v[j]!;
    });
    const length = Math.hypot(...cross);
    const normal = cross.map((x) => length > 0 ? x / length : 0);
    yield [...normal, ...a!, ...b!, ...c!];
  }
}

/**
 * A mesh as STL: triangles, each with the coordinates of its corners, so that points of equal
 * coordinates come back as one, and points of no triangle are lost. Binary files have float32.
 * Normals are those of the corners' order.
 *
 * @param mesh Triangles, without values by name but `normal`, which is written anew.
 * @param options Text or binary.
 * @returns The file's bytes.
 * @throws {TypeError} If the mesh does not fit together, or has other cells or values by name.
 *
 * @example
 * ```ts
 * import { encodeStl, parseStl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const points = { shape: [3, 3], data: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) };
 * const cells = [{ type: "triangle" as const, shape: [1, 3], data: Int32Array.of(0, 1, 2) }];
 * const { cellData } = parseStl(encodeStl({ points, cells }));
 * assertEquals([...cellData.normal!.data], [0, 0, 1]);
 * ```
 */
export function encodeStl(
  mesh: MeshToWrite,
  options: EncodeMeshOptions = {},
): Uint8Array<ArrayBuffer> {
  const isAscii = isText(options, refuse);
  const checked = checkMesh(mesh, refuse);
  checkTypes(checked, ["triangle"], refuse);
  checkNoData(checked, refuse, ["normal"]);
  if (!isAscii) return encodeBinary(checked);
  const parts = new FileParts();
  parts.line("solid mesh");
  for (const numbers of facets(checked)) {
    const texts = numbers.map(numberText);
    const rows = [0, 3, 6, 9].map((at) => texts.slice(at, at + 3).join(" "));
    parts.line(`facet normal ${rows[0]}\nouter loop`);
    parts.lines(rows.slice(1).map((row) => `vertex ${row}`));
    parts.line("endloop\nendfacet");
  }
  parts.line("endsolid mesh");
  return parts.finish();
}

function encodeBinary(mesh: CheckedMesh): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_SIZE + TRIANGLE_SIZE * mesh.numCells);
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER_SIZE - 4, mesh.numCells, true);
  let at = HEADER_SIZE;
  for (const numbers of facets(mesh)) {
    numbers.forEach((number, i) => view.setFloat32(at + 4 * i, number, true));
    at += TRIANGLE_SIZE;
  }
  return bytes;
}
