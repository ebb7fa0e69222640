/**
 * Graphs in the raw CSV layout of the Open Graph Benchmark (Hu et al. 2020, arXiv:2005.00687):
 * compressed tables of all graphs' nodes and edges, one after another, with the number of each
 * graph's.
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { type DataFolder, dataFolder } from "./data_folder.ts";
import {
  checkEnds,
  checkRows,
  needTable,
  readSplits,
  rowError,
  type Splits,
} from "./ogb_tables.ts";

/** A graph with a label; N nodes, E edges. */
export interface LabelledGraph {
  /** int32 `[N, F]`. */
  readonly nodes: DataArray<Int32Array>;
  /** int32 `[E, F]`. */
  readonly edges: DataArray<Int32Array>;
  /** int32 `[E]`. */
  readonly senders: Int32Array;
  /** int32 `[E]`. */
  readonly receivers: Int32Array;
  /**
   * The class of the graph, for the first task where there are several; NaN where it is not known.
   */
  readonly label: number;
  /** The label for each task, NaN where it is not known; only where there are several. */
  readonly labels?: Float32Array;
}

/** All graphs of a data set. */
export interface OgbGraphs {
  /** The graphs, in the order of the files. */
  readonly graphs: readonly LabelledGraph[];
  /** Which of them are for what. */
  readonly splits: Splits;
}

/** Options of {@linkcode openOgbGraphs}. */
export interface OpenOgbGraphsOptions {
  /** The folder in `split/`; `"scaffold"` by default, as in OGB's molecules. */
  readonly split?: string;
  /** Whether each edge is given in the other direction too, after it; true by default. */
  readonly addInverseEdges?: boolean;
}

/** Rows of a table from one on, each twice where the inverse of an edge is added. */
function rows(
  { shape, data }: DataArray<Int32Array>,
  begin: number,
  count: number,
  times = 1,
): DataArray<Int32Array> {
  const width = shape[1]!;
  const taken = data.subarray(begin * width, (begin + count) * width);
  if (times === 1) return { shape: [count, width], data: taken.slice() };
  const doubled = new Int32Array(2 * taken.length);
  for (let row = 0; row < count; row++) {
    const values = taken.subarray(row * width, (row + 1) * width);
    doubled.set(values, 2 * row * width);
    doubled.set(values, (2 * row + 1) * width);
  }
  return { shape: [2 * count, width], data: doubled };
}

/** The sizes of all graphs, and their sum. */
async function readCounts(
  folder: DataFolder,
  name: string,
): Promise<{ counts: Int32Array; total: number }> {
  const { data: counts, shape } = await needTable(folder, name, "int32");
  if (counts.length > 0 && shape[1] !== 1) {
    throw await rowError(folder, name, 0, `expected one count, got ${shape[1]}`);
  }
  const wrong = counts.findIndex((count) => count < 0);
  if (wrong >= 0) {
    throw await rowError(folder, name, wrong, `expected a count, got ${counts[wrong]}`);
  }
  return { counts, total: counts.reduce((total, count) => total + count, 0) };
}

/** What the labels of a graph are called, by how many tasks there are. */
function labelsOf(
  { shape, data }: DataArray<Float64Array>,
  graph: number,
): Pick<LabelledGraph, "label" | "labels"> {
  const width = shape[1]!;
  const labels = Float32Array.from(data.subarray(graph * width, (graph + 1) * width));
  return width === 1 ? { label: data[graph]! } : { label: labels[0]!, labels };
}

/**
 * Opens a data set of graphs in OGB's raw CSV layout: `raw/edge.csv.gz`, `num-node-list`,
 * `num-edge-list`, `node-feat`, `edge-feat`, `graph-label`, and `split/<name>/train.csv.gz`,
 * `valid`, `test`. Edges are stored in one direction; the other is added, as OGB's and Jraph's
 * readers do.
 *
 * @param folderOrUrl The data set's folder, on the disk or the web.
 * @throws {DataNotFoundError} If a file is missing; it names the file.
 * @throws {DataFormatError} If a table is damaged, or the counts do not add up.
 *
 * @example
 * ```ts
 * import { openOgbGraphs, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { graphs, splits } = await openOgbGraphs(sampleUrl("molecules_clogp"));
 * assertEquals([graphs.length, splits.train.length], [200, 160]);
 * ```
 */
export async function openOgbGraphs(
  folderOrUrl: string | URL,
  options: OpenOgbGraphsOptions = {},
): Promise<OgbGraphs> {
  const { split = "scaffold", addInverseEdges = true } = options;
  const folder = dataFolder(folderOrUrl);
  const { counts: nNode, total: numNodes } = await readCounts(folder, "raw/num-node-list");
  const { counts: nEdge, total: numEdges } = await readCounts(folder, "raw/num-edge-list");
  await checkRows(folder, "raw/num-edge-list", nNode.length, {
    shape: [nEdge.length],
    data: nEdge,
  });
  const raw = async (name: string, numRows: number): Promise<DataArray<Int32Array>> => {
    const table = await needTable(folder, name, "int32");
    await checkRows(folder, name, numRows, table);
    return table;
  };
  const pairs = await raw("raw/edge", numEdges);
  await checkEnds(folder, "raw/edge", pairs, nNode, nEdge);
  const nodes = await raw("raw/node-feat", numNodes);
  const edges = await raw("raw/edge-feat", numEdges);
  const labels = await needTable(folder, "raw/graph-label", "float64");
  await checkRows(folder, "raw/graph-label", nNode.length, labels);
  let [node, edge] = [0, 0];
  const graphs = Array.from(nNode, (n, i): LabelledGraph => {
    const ends = rows(pairs, edge, nEdge[i]!);
    const times = addInverseEdges ? 2 : 1;
    const [senders, receivers] = [0, 1].map((side) =>
      Int32Array.from({ length: times * nEdge[i]! }, (_, e) => {
        const isInverse = times === 2 && e % 2 === 1;
        return ends.data[2 * Math.floor(e / times) + (isInverse ? 1 - side : side)]!;
      })
    ) as [Int32Array, Int32Array];
    const graph = {
      nodes: rows(nodes, node, n),
      edges: rows(edges, edge, nEdge[i]!, times),
      senders,
      receivers,
      ...labelsOf(labels, i),
    };
    [node, edge] = [node + n, edge + nEdge[i]!];
    return graph;
  });
  return { graphs, splits: await readSplits(folder, split, graphs.length) };
}
