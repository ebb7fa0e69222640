/** Meshes and rollouts as legacy VTK files, for ParaView and the like. @module */
import { localPath } from "./data_folder.ts";
import { encodeVtk, type EncodeVtkOptions } from "./formats/encode_vtk.ts";
import type { MeshToWrite } from "./formats/mesh_to_write.ts";
import { replaceFile } from "../lib/base/mod.ts";

/**
 * Writes a mesh as a legacy VTK file. It appears under its name only when it is complete.
 *
 * @param path Where the file goes; what is there is replaced.
 * @param mesh The mesh; values by name are optional.
 * @param options Text or binary.
 * @throws {TypeError} If the mesh does not fit together, or the path is a web address.
 *
 * @example
 * ```ts
 * import { readMesh, sampleUrl, writeVtk } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const ant = await readMesh(sampleUrl("meshes", "ant.ply"));
 * await writeVtk(`${folder}/ant.vtk`, ant);
 * assertEquals(await readMesh(`${folder}/ant.vtk`), ant);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeVtk(
  path: string | URL,
  mesh: MeshToWrite,
  options: EncodeVtkOptions = {},
): Promise<void> {
  await replaceFile(localPath(path), [encodeVtk(mesh, options)]);
}

/** Options of {@linkcode writeVtkSeries}. */
export interface WriteVtkSeriesOptions extends EncodeVtkOptions {
  /** The time between frames; 1 by default. */
  readonly dt?: number;
}

/**
 * Writes the frames of a rollout as numbered legacy VTK files, `flow_000000.vtk` and so on, and
 * beside them `flow.vtk.series`, which ParaView opens as one animation with times.
 *
 * @param path The name of the series without its ending, such as `out/flow`; the folder must exist.
 * @param frames The mesh of each frame.
 * @param options The time between frames, and text or binary.
 * @returns The paths of the frames.
 * @throws {TypeError} If a mesh does not fit together, or the path is a web address.
 *
 * @example A point that moves
 * ```ts
 * import { readMesh, writeVtkSeries } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const frames = [0, 1, 2].map((x) => ({
 *   points: { shape: [1, 3], data: Float32Array.of(x, 0, 0) },
 *   cells: [],
 * }));
 * const paths = await writeVtkSeries(`${folder}/point`, frames, { dt: 0.1 });
 * assertEquals(paths.length, 3);
 * assertEquals((await readMesh(paths[2]!)).points.data[0], 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeVtkSeries(
  path: string | URL,
  frames: AsyncIterable<MeshToWrite> | Iterable<MeshToWrite>,
  { dt = 1, ...options }: WriteVtkSeriesOptions = {},
): Promise<string[]> {
  const base = localPath(path);
  const name = base.split(/[\\/]/).at(-1)!;
  const paths: string[] = [];
  const files: { name: string; time: number }[] = [];
  for await (const frame of frames) {
    const ending = `_${String(paths.length).padStart(6, "0")}.vtk`;
    files.push({ name: name + ending, time: dt * paths.length });
    paths.push(base + ending);
    await writeVtk(base + ending, frame, options);
  }
  const text = JSON.stringify({ "file-series-version": "1.0", files }, null, 2) + "\n";
  await replaceFile(`${base}.vtk.series`, [new TextEncoder().encode(text)]);
  return paths;
}
