/** NumPy's files: one array (.npy) or several by their names (.npz). @module */
import type { DataArray } from "./array.ts";
import { localFile } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { fileSource } from "./unpack.ts";
import { ByteStream } from "./formats/byte_stream.ts";
import { encodeNpy, parseNpy } from "./formats/npy.ts";
import { type ByteSource, byteSource, readZipEntries, unzip, zip } from "./formats/zip.ts";
import { readBytes } from "./read_bytes.ts";
import { replaceFile } from "../lib/base/mod.ts";

/**
 * Reads an array of a .npy file, compressed by gzip or not.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} As {@linkcode parseNpy}.
 *
 * @example
 * ```ts
 * import { encodeNpy, readNpy } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { shape } = await readNpy(encodeNpy({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }));
 * assertEquals(shape, [2, 2]);
 * ```
 */
export async function readNpy(pathOrBytes: string | URL | Uint8Array): Promise<DataArray> {
  const { bytes, place } = await readBytes(pathOrBytes, "NumPy's npy");
  return parseNpy(bytes, place);
}

/**
 * Reads the arrays of a .npz file, as `numpy.savez` and `numpy.savez_compressed` write it, their
 * checksums verified.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @returns The arrays by their names.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If the file is damaged, or an array is none of numbers.
 *
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const position = { shape: [2, 3], data: new Float32Array(6) };
 * await writeNpz(`${folder}/rollout.npz`, { position });
 * assertEquals(await readNpz(`${folder}/rollout.npz`), { position });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readNpz(
  pathOrBytes: string | URL | Uint8Array,
): Promise<Record<string, DataArray>> {
  const path = pathOrBytes instanceof Uint8Array ? null : localFile(pathOrBytes);
  if (path === null) {
    const { bytes, name } = await readBytes(pathOrBytes, "NumPy's npz");
    return await readArrays(byteSource(bytes, name || undefined));
  }
  try {
    using source = await fileSource(path);
    return await readArrays(source);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new DataNotFoundError(
      `Cannot open ${path} as NumPy's npz: there is no such file (check the path)`,
    );
  }
}

async function readArrays(source: ByteSource): Promise<Record<string, DataArray>> {
  const arrays: [string, DataArray][] = [];
  for (const entry of await readZipEntries(source)) {
    const bytes = await new ByteStream(unzip(source, entry)).take(entry.size + 1);
    arrays.push([
      entry.name.replace(/\.npy$/, ""),
      parseNpy(bytes, { file: `${entry.name} of ${source.name}` }),
    ]);
  }
  return Object.fromEntries(arrays);
}

/**
 * Writes arrays as a .npz file, which `numpy.load` reads.
 *
 * @param path Where the file goes; what is there is replaced when the new one is complete.
 * @param arrays The arrays by their names.
 * @param options Whether they are compressed; not by default, as `numpy.savez`.
 * @throws {RangeError} If a shape does not fit its values, or the file would have 4 GB or more.
 * @throws {TypeError} If the path is a web address.
 *
 * @example
 * ```ts
 * import { writeNpz } from "@meshwork/meshwork/datasets";
 *
 * const folder = await Deno.makeTempDir();
 * const mass = { shape: [3], data: Float32Array.of(1, 2, 3) };
 * await writeNpz(`${folder}/bodies.npz`, { mass }, { compressed: true });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeNpz(
  path: string | URL,
  arrays: Readonly<Record<string, DataArray>>,
  { compressed = false }: { readonly compressed?: boolean } = {},
): Promise<void> {
  function* files(): Generator<{ name: string; bytes: Uint8Array }> {
    for (const [name, array] of Object.entries(arrays)) {
      yield { name: `${name}.npy`, bytes: encodeNpy(array) };
    }
  }
  await replaceFile(path, zip(files(), compressed));
}

/**
 * Writes an array as a .npy file, which `numpy.load` reads.
 *
 * @param path Where the file goes; what is there is replaced when the new one is complete.
 * @throws {RangeError} If the shape does not fit the values.
 * @throws {TypeError} If the path is a web address.
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const mass = { shape: [3], data: Float32Array.of(1, 2, 3) };
 * await writeNpy(`${folder}/mass.npy`, mass);
 * assertEquals(await readNpy(`${folder}/mass.npy`), mass);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeNpy(path: string | URL, array: DataArray): Promise<void> {
  await replaceFile(path, [encodeNpy(array)]);
}
