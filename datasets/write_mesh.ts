/** Mesh files of all formats that are written, by their names. @module */
import { localPath } from "./data_folder.ts";
import { encodeGmsh } from "./formats/encode_gmsh.ts";
import { encodePly } from "./formats/encode_ply.ts";
import { encodeStl } from "./formats/encode_stl.ts";
import { encodeObj, encodeOff } from "./formats/encode_text_mesh.ts";
import { encodeVtk } from "./formats/encode_vtk.ts";
import type { EncodeMeshOptions, MeshToWrite } from "./formats/mesh_to_write.ts";
import { replaceFile } from "../lib/base/mod.ts";
import type { MeshFormat } from "./read_mesh.ts";

/** The formats that {@linkcode writeMesh} writes, by their files' endings. */
export type WrittenMeshFormat = Exclude<MeshFormat, "mat">;

/** Options of {@linkcode writeMesh}. */
export interface WriteMeshOptions extends EncodeMeshOptions {
  /** The format; by default that of the name's ending. */
  readonly format?: WrittenMeshFormat;
}

type Encode = (mesh: MeshToWrite, options: EncodeMeshOptions) => Uint8Array<ArrayBuffer>;

const ENCODERS: Readonly<Record<WrittenMeshFormat, Encode>> = {
  obj: encodeObj,
  off: encodeOff,
  ply: encodePly,
  stl: encodeStl,
  vtk: encodeVtk,
  msh: encodeGmsh,
};

/**
 * Writes a mesh as OBJ, OFF, PLY, STL, legacy VTK or Gmsh's MSH 2.2. It appears under its name only
 * when it is complete. What each format holds is said by its encoder: {@linkcode encodeObj},
 * {@linkcode encodeOff}, {@linkcode encodePly}, {@linkcode encodeStl}, {@linkcode encodeVtk},
 * {@linkcode encodeGmsh}. What it does not hold is refused, so that nothing is lost unseen.
 *
 * @param path Where the file goes; what is there is replaced.
 * @param mesh The mesh; values by name are optional.
 * @param options The format, where the name does not tell it; text or binary.
 * @throws {TypeError} If the format is not known or cannot hold the mesh, the mesh does not fit
 *   together, or the path is a web address.
 *
 * @example
 * ```ts
 * import { readMesh, sampleUrl, writeMesh } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const ant = await readMesh(sampleUrl("meshes", "ant.ply"));
 * await writeMesh(`${folder}/ant.ply`, ant);
 * assertEquals(await readMesh(`${folder}/ant.ply`), ant);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeMesh(
  path: string | URL,
  mesh: MeshToWrite,
  { format, ...options }: WriteMeshOptions = {},
): Promise<void> {
  const local = localPath(path);
  const ending = format ?? /\.(\w+)$/.exec(local)?.[1]?.toLowerCase() ?? "none";
  if (!Object.hasOwn(ENCODERS, ending)) {
    throw new TypeError(
      `Cannot write ${path} as a mesh as its format is one of ${
        Object.keys(ENCODERS).join(", ")
      }: ` +
        `got ${ending} (give the file such an ending, or give {format})`,
    );
  }
  await replaceFile(local, [ENCODERS[ending as WrittenMeshFormat](mesh, options)]);
}
