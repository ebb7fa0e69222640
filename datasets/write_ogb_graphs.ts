/** Graphs written in the raw CSV layout of the Open Graph Benchmark. @module */
import { replaceFile } from "../lib/base/mod.ts";
import type { DataArray } from "./array.ts";
import { localPath } from "./data_folder.ts";
import type { OgbGraphs } from "./ogb_graphs.ts";

async function writeTable(path: string, rows: Iterable<ArrayLike<number>>): Promise<void> {
  const text = Array.from(rows, (row) => Array.from(row).join(",") + "\n").join("");
  const compressed = new Response(text).body!.pipeThrough(new CompressionStream("gzip"));
  await replaceFile(path, compressed);
}

/** Rows of an array `[n, F]`. */
function* rowsOf({ shape, data }: DataArray<Int32Array>): Iterable<Int32Array> {
  const width = shape[1]!;
  for (let i = 0; i < shape[0]!; i++) yield data.subarray(i * width, (i + 1) * width);
}

/**
 * Writes graphs in OGB's raw CSV layout, which `openOgbGraphs` and OGB's own tools read.
 *
 * @param folder Where to; made if it is not there.
 * @param dataSet The graphs, with each edge in one direction, and the splits.
 * @param options The name of the split's folder.
 * @throws {Error} If a file cannot be written.
 *
 * @example
 * ```ts
 * import { openOgbGraphs, writeOgbGraphs } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const pair = {
 *   nodes: { shape: [2, 1], data: Int32Array.of(6, 8) },
 *   edges: { shape: [1, 1], data: Int32Array.of(3) },
 *   senders: Int32Array.of(0),
 *   receivers: Int32Array.of(1),
 *   label: 1,
 * };
 * const splits = { train: [0], valid: [], test: [] };
 * await writeOgbGraphs(folder, { graphs: [pair], splits });
 * const { graphs } = await openOgbGraphs(folder);
 * assertEquals([...graphs[0]!.senders], [0, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeOgbGraphs(
  folder: string | URL,
  { graphs, splits }: OgbGraphs,
  { split = "scaffold" }: { readonly split?: string } = {},
): Promise<void> {
  const root = localPath(folder);
  await Deno.mkdir(`${root}/raw`, { recursive: true });
  await Deno.mkdir(`${root}/split/${split}`, { recursive: true });
  const raw = (name: string, rows: Iterable<ArrayLike<number>>): Promise<void> =>
    writeTable(`${root}/raw/${name}.csv.gz`, rows);
  await raw(
    "edge",
    graphs.flatMap((g) => Array.from(g.senders, (sender, e) => [sender, g.receivers[e]!])),
  );
  await raw("num-node-list", graphs.map(({ nodes }) => [nodes.shape[0]!]));
  await raw("num-edge-list", graphs.map(({ edges }) => [edges.shape[0]!]));
  await raw("node-feat", graphs.flatMap(({ nodes }) => [...rowsOf(nodes)]));
  await raw("edge-feat", graphs.flatMap(({ edges }) => [...rowsOf(edges)]));
  await raw("graph-label", graphs.map(({ label, labels }) => labels ?? [label]));
  for (const part of ["train", "valid", "test"] as const) {
    await writeTable(`${root}/split/${split}/${part}.csv.gz`, splits[part].map((i) => [i]));
  }
}
