/** Arrays in safetensors files, by path or address. @module */
import { replaceFile } from "../lib/base/mod.ts";
import { encodeSafetensors, parseSafetensors, type Safetensors } from "./formats/safetensors.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * Reads the arrays of a safetensors file: see {@linkcode parseSafetensors}. Checkpoints come back
 * as trees of tensors by `loadCheckpoint`.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If the file is damaged, or of another kind.
 *
 * @example
 * ```ts
 * import { encodeSafetensors, readSafetensors } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mass = { shape: [2, 1], data: Float32Array.of(1, 2) };
 * const { tensors } = await readSafetensors(encodeSafetensors({ tensors: { mass } }));
 * assertEquals(tensors.mass, mass);
 * ```
 */
export async function readSafetensors(
  pathOrBytes: string | URL | Uint8Array,
): Promise<Safetensors> {
  const { bytes, place } = await readBytes(pathOrBytes, "safetensors");
  return parseSafetensors(bytes, place);
}

/**
 * Writes arrays as a safetensors file, which Python's library of that name reads.
 *
 * @param path Where the file goes; what is there is replaced when the new one is complete.
 * @param content The arrays by their names, and texts to be kept beside them.
 * @throws {RangeError} If a shape does not fit its values.
 * @throws {TypeError} If the path is a web address.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/bodies.safetensors`;
 * const tensors = { mass: { shape: [3], data: Float64Array.of(1, 2, 3) } };
 * await writeSafetensors(path, { tensors, metadata: { unit: "kg" } });
 * assertEquals((await readSafetensors(path)).tensors, tensors);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeSafetensors(
  path: string | URL,
  content: Parameters<typeof encodeSafetensors>[0],
): Promise<void> {
  await replaceFile(path, [encodeSafetensors(content)]);
}
