/**
 * One large graph in the raw CSV layout of the Open Graph Benchmark (Hu et al. 2020,
 * arXiv:2005.00687), whose nodes have labels.
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { dataFolder } from "./data_folder.ts";
import {
  checkEnds,
  checkRows,
  narrowed,
  needTable,
  readSplits,
  readTable,
  rowError,
  type Splits,
} from "./ogb_tables.ts";

/** A graph of N nodes and E edges, whose nodes have labels for T tasks. */
export interface OgbNodes {
  /** N. */
  readonly numNodes: number;
  /** int32 `[E]`. */
  readonly senders: Int32Array;
  /** int32 `[E]`. */
  readonly receivers: Int32Array;
  /** `[N, F]`, int32 where all are whole, else float32; null where there are none. */
  readonly nodes: DataArray<Int32Array | Float32Array> | null;
  /** `[E, F]`, likewise. */
  readonly edges: DataArray<Int32Array | Float32Array> | null;
  /** float32 `[N, T]`; NaN where a label is not known. */
  readonly labels: DataArray<Float32Array>;
  /**
   * What else is known of nodes, by the file's name: `node_year`, `node_species`; int32 `[N, k]`.
   */
  readonly extras: Readonly<Record<string, DataArray<Int32Array>>>;
  /** Which nodes are for what. */
  readonly splits: Splits;
}

/** Options of {@linkcode openOgbNodes}. */
export interface OpenOgbNodesOptions {
  /** The folder in `split/`. */
  readonly split: string;
  /** Whether each edge is given in the other direction too, after it; false by default. */
  readonly addInverseEdges?: boolean;
}

/** Tables of nodes beside features and labels; the second is the first's older name. */
const EXTRAS = [["node_year"], ["node_species", "species"]] as const;

/**
 * Opens a graph in OGB's raw CSV layout: `raw/edge.csv.gz`, `num-node-list`, `num-edge-list`,
 * `node-label`, and where they are there `node-feat`, `edge-feat`, `node_year`, `node_species`;
 * `split/<name>/train.csv.gz`, `valid`, `test`. Tables are read as streams, so memory holds the
 * numbers and no text.
 *
 * @param folderOrUrl The data set's folder, on the disk or the web.
 * @throws {DataNotFoundError} If a file is missing; it names the file.
 * @throws {DataFormatError} If a table is damaged, or the counts do not add up.
 *
 * @example
 * ```ts ignore
 * const { senders, receivers, nodes, labels, splits } = await openOgbNodes("arxiv", { split: "time" });
 * ```
 */
export async function openOgbNodes(
  folderOrUrl: string | URL,
  { split, addInverseEdges = false }: OpenOgbNodesOptions,
): Promise<OgbNodes> {
  const folder = dataFolder(folderOrUrl);
  const [numNodes, numEdges] = await Promise.all(
    ["num-node-list", "num-edge-list"].map(async (name) => {
      const { data } = await needTable(folder, `raw/${name}`, "int32");
      if (data.length === 1 && data[0]! >= 0) return data[0]!;
      const actual = data.length === 1 ? `${data[0]}` : `${data.length} rows or fields`;
      const problem =
        `expected the one count of one graph, got ${actual} (openOgbGraphs opens several)`;
      throw await rowError(folder, `raw/${name}`, 0, problem);
    }),
  ) as [number, number];
  const pairs = await needTable(folder, "raw/edge", "int32");
  await checkRows(folder, "raw/edge", numEdges, pairs);
  await checkEnds(folder, "raw/edge", pairs, Int32Array.of(numNodes), Int32Array.of(numEdges));
  const optional = async (name: string, rows: number) => {
    const table = await readTable(folder, `raw/${name}`, "float64");
    if (table) await checkRows(folder, `raw/${name}`, rows, table);
    return table && narrowed(table);
  };
  const nodes = await optional("node-feat", numNodes);
  const edges = await optional("edge-feat", numEdges);
  const labels = await needTable(folder, "raw/node-label", "float64");
  await checkRows(folder, "raw/node-label", numNodes, labels);
  const extras: Record<string, DataArray<Int32Array>> = {};
  for (const [name, older] of EXTRAS) {
    for (const file of older ? [name, older] : [name]) {
      const table = extras[name] ? null : await readTable(folder, `raw/${file}`, "int32");
      if (!table) continue;
      await checkRows(folder, `raw/${file}`, numNodes, table);
      extras[name] = table;
    }
  }
  return {
    numNodes,
    senders: endsOf(pairs.data, 0, addInverseEdges),
    receivers: endsOf(pairs.data, 1, addInverseEdges),
    nodes,
    edges: edges && addInverseEdges ? doubled(edges) : edges,
    labels: { shape: labels.shape, data: Float32Array.from(labels.data) },
    extras,
    splits: await readSplits(folder, split, numNodes),
  };
}

/** One end of each edge; with inverses, of each edge and then of its inverse. */
function endsOf(pairs: Int32Array, side: 0 | 1, withInverse: boolean): Int32Array {
  const ends = new Int32Array(withInverse ? pairs.length : pairs.length / 2);
  if (!withInverse) {
    for (let e = 0; e < ends.length; e++) ends[e] = pairs[2 * e + side]!;
    return ends;
  }
  for (let i = 0; i < ends.length; i += 2) {
    ends[i] = pairs[i + side]!;
    ends[i + 1] = pairs[i + 1 - side]!;
  }
  return ends;
}

/** Each row twice. */
function doubled<T extends Int32Array | Float32Array>({ shape, data }: DataArray<T>): DataArray<T> {
  const [count, width] = shape as [number, number];
  const twice = new (data.constructor as new (length: number) => T)(2 * data.length);
  for (let row = 0; row < count; row++) {
    const values = data.subarray(row * width, (row + 1) * width);
    twice.set(values, 2 * row * width);
    twice.set(values, (2 * row + 1) * width);
  }
  return { shape: [2 * count, width], data: twice };
}
