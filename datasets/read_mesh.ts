/** Mesh files of all formats, by their names or what they begin with. @module */
import type { Place } from "./formats/data_format_error.ts";
import { parseGmsh } from "./formats/gmsh.ts";
import { parseMatMesh } from "./formats/mat_mesh.ts";
import type { Mesh } from "./formats/mesh.ts";
import { parseObj } from "./formats/obj.ts";
import { parseOff } from "./formats/off.ts";
import { parsePly } from "./formats/ply.ts";
import { parseStl } from "./formats/stl.ts";
import { parseVtk } from "./formats/vtk.ts";
import { readBytes } from "./read_bytes.ts";

/** The formats of meshes, by their files' endings. */
export type MeshFormat = "obj" | "off" | "ply" | "stl" | "vtk" | "msh" | "mat";

/** Options of {@linkcode readMesh}. */
export interface ReadMeshOptions {
  /** The format; by default that of the name's ending, else of how the file begins. */
  readonly format?: MeshFormat;
}

const PARSERS: Readonly<
  Record<MeshFormat, (bytes: Uint8Array, place: Place) => Mesh | Promise<Mesh>>
> = {
  obj: parseObj,
  off: parseOff,
  ply: parsePly,
  stl: parseStl,
  vtk: parseVtk,
  msh: parseGmsh,
  mat: parseMatMesh,
};

const FORMATS = Object.keys(PARSERS) as MeshFormat[];

/** What files begin with; OBJ and binary STL have nothing that is theirs alone. */
const BEGINNINGS: readonly (readonly [RegExp, MeshFormat])[] = [
  [/^ply\s/, "ply"],
  [/^# vtk DataFile/i, "vtk"],
  [/^\$(MeshFormat|Comments)/, "msh"],
  [/^(ST)?C?N?4?n?OFF/, "off"],
  [/^solid\b/i, "stl"],
  [/^MATLAB 5.0 MAT-file/, "mat"],
];

function formatOf(name: string, bytes: Uint8Array): MeshFormat {
  const ending = /\.(\w+)(?:\.gz)?(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase();
  const named = FORMATS.find((format) => format === ending);
  if (named) return named;
  const start = new TextDecoder().decode(bytes.subarray(0, 80)).trimStart();
  const begun = BEGINNINGS.find(([pattern]) => pattern.test(start))?.[1];
  if (begun) return begun;
  throw new TypeError(
    `Cannot read ${
      name || "the given bytes"
    } as a mesh as neither its name nor its beginning tells ` +
      `the format (give it: {format: ${FORMATS.map((format) => `"${format}"`).join(" | ")}})`,
  );
}

/**
 * Reads a mesh: OBJ, OFF, PLY, STL, legacy VTK, Gmsh's MSH or MATLAB's MAT of version 5,
 * compressed by gzip or not. What is kept of each format is said by its parser: {@linkcode
 * parseObj}, {@linkcode parseOff}, {@linkcode parsePly}, {@linkcode parseStl}, {@linkcode
 * parseVtk}, {@linkcode parseGmsh}, {@linkcode parseMatMesh}. Bytes in errors are those of the
 * uncompressed file.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @param options The format, where neither the name nor the beginning tells it.
 * @returns Points, cells in the file's order, and values of both by name.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If the file is damaged; the message names file and byte.
 * @throws {TypeError} If the format is not known.
 *
 * @example
 * ```ts
 * import { readMesh, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { points, cells, cellData } = await readMesh(sampleUrl("meshes", "circle_in_square.vtk"));
 * assertEquals(points.shape, [400, 3]);
 * assertEquals(cells.map(({ type, shape }) => [type, ...shape]), [["triangle", 762, 3]]);
 * assertEquals(Object.keys(cellData), ["mat_id"]);
 * ```
 */
export async function readMesh(
  pathOrBytes: string | URL | Uint8Array,
  { format }: ReadMeshOptions = {},
): Promise<Mesh> {
  if (format !== undefined && !FORMATS.includes(format)) {
    throw new TypeError(
      `Cannot read a mesh as its format is one of ${FORMATS.join(", ")}: got ${String(format)}`,
    );
  }
  const { name, bytes, place } = await readBytes(pathOrBytes, "a mesh");
  return await PARSERS[format ?? formatOf(name, bytes)](bytes, place);
}
