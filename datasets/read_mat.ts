/** MATLAB's files, by path or address. @module */
import { type MatValue, parseMat } from "./formats/mat.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * Reads the variables of a MATLAB file of version 5: see {@linkcode parseMat}. Meshes in such files
 * are read by {@linkcode readMesh}; files of version 7.3 are HDF5, which {@linkcode openHdf5}
 * reads.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @returns The variables by their names.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If the file is damaged, or of another version.
 *
 * @example
 * ```ts ignore
 * const { mass, label } = await readMat("bodies.mat");
 * ```
 */
export async function readMat(
  pathOrBytes: string | URL | Uint8Array,
): Promise<Record<string, MatValue>> {
  const { bytes, place } = await readBytes(pathOrBytes, "MATLAB 5");
  return await parseMat(bytes, place);
}
