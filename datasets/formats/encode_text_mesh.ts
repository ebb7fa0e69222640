/** Meshes written in the formats that are text alone: OBJ and OFF. @module */
import {
  type CheckedMesh,
  checkMesh,
  checkNoData,
  checkTypes,
  cornersOf,
  FileParts,
  inSpace,
  type MeshToWrite,
  numberText,
  type Refuse,
  refuser,
} from "./mesh_to_write.ts";

/** A mesh of lines and flat cells, without values by name. */
function plainMesh(mesh: MeshToWrite, refuse: Refuse): CheckedMesh {
  const checked = checkMesh(mesh, refuse);
  checkTypes(checked, ["line", "triangle", "quad"], refuse);
  checkNoData(checked, refuse);
  return checked;
}

/** The coordinates of each point, with something before them. */
function* pointLines({ points, numPoints }: CheckedMesh, before: string): Generator<string> {
  const positions = inSpace(points);
  for (let point = 0; point < numPoints; point++) {
    const own = positions.subarray(3 * point, 3 * point + 3);
    yield before + Array.from(own, numberText).join(" ");
  }
}

/**
 * A mesh as Wavefront OBJ: its points, triangles, quads and lines, in their order. What lies in
 * fewer than three dimensions gets zeros for the others.
 *
 * @param mesh The mesh, without values by name, for which OBJ has no place.
 * @returns The file's bytes.
 * @throws {TypeError} If the mesh does not fit together, or has other cells or values by name.
 *
 * @example
 * ```ts
 * import { encodeObj, parseObj } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const points = { shape: [3, 3], data: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) };
 * const cells = [{ type: "triangle" as const, shape: [1, 3], data: Int32Array.of(0, 1, 2) }];
 * assertEquals(parseObj(encodeObj({ points, cells })).cells, cells);
 * ```
 */
export function encodeObj(mesh: MeshToWrite): Uint8Array<ArrayBuffer> {
  const checked = plainMesh(mesh, refuser("OBJ"));
  const parts = new FileParts();
  parts.lines(pointLines(checked, "v "));
  const cells = Array.from(cornersOf(checked), ({ type, corners }) => {
    const numbers = Array.from(corners, (corner) => corner + 1);
    return `${type === "line" ? "l" : "f"} ${numbers.join(" ")}`;
  });
  parts.lines(cells);
  return parts.finish();
}

/**
 * A mesh as the Object File Format, in text: its points, triangles, quads and lines (polygons of
 * two corners), in their order. What lies in fewer than three dimensions gets zeros for the others.
 *
 * @param mesh The mesh, without values by name, for which only colours would have a place.
 * @returns The file's bytes.
 * @throws {TypeError} If the mesh does not fit together, or has other cells or values by name.
 *
 * @example
 * ```ts
 * import { encodeOff, parseOff } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const points = { shape: [3, 3], data: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) };
 * const cells = [{ type: "triangle" as const, shape: [1, 3], data: Int32Array.of(0, 1, 2) }];
 * assertEquals(parseOff(encodeOff({ points, cells })).cells, cells);
 * ```
 */
export function encodeOff(mesh: MeshToWrite): Uint8Array<ArrayBuffer> {
  const checked = plainMesh(mesh, refuser("OFF"));
  const parts = new FileParts();
  parts.line("OFF");
  parts.line(`${checked.numPoints} ${checked.numCells} 0`);
  parts.lines(pointLines(checked, ""));
  parts.lines(
    Array.from(cornersOf(checked), ({ corners }) => `${corners.length} ${corners.join(" ")}`),
  );
  return parts.finish();
}
