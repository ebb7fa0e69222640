/**
 * Graphs in the raw CSV layout of the Open Graph Benchmark (Hu et al. 2020, arXiv:2005.00687):
 * compressed tables of all graphs' nodes and edges, one after another, with the number of each
 * graph's.
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { dataFolder } from "./data_folder.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { checkEnds, checkRows, needTable, readSplits, type Splits } from "./ogb_tables.ts";

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

/** Refuses counts that are negative. */
function checkCounts(name: string, counts: Int32Array): number {
  const wrong = counts.findIndex((count) => count < 0);
  if (wrong < 0) return counts.reduce((total, count) => total + count, 0);
  throw new DataFormatError(
    `Cannot read graphs in OGB's layout as ${name} counts: got ${counts[wrong]} in row ${wrong}`,
    { record: wrong },
  );
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
  const raw = (name: string): Promise<DataArray<Int32Array>> =>
    needTable(folder, `raw/${name}`, "int32");
  const pairs = await raw("edge");
  const [nNode, nEdge] = [(await raw("num-node-list")).data, (await raw("num-edge-list")).data];
  const [nodes, edges] = [await raw("node-feat"), await raw("edge-feat")];
  const labels = await needTable(folder, "raw/graph-label", "float64");
  const numNodes = checkCounts("num-node-list", nNode);
  const numEdges = checkCounts("num-edge-list", nEdge);
  checkRows("node-feat", numNodes, nodes);
  checkRows("edge-feat", numEdges, edges);
  checkRows("edge", numEdges, pairs);
  checkRows("num-edge-list", nNode.length, { shape: [nEdge.length], data: nEdge });
  checkRows("graph-label", nNode.length, labels);
  let [node, edge] = [0, 0];
  const graphs = Array.from(nNode, (n, i): LabelledGraph => {
    const ends = rows(pairs, edge, nEdge[i]!);
    checkEnds(ends, n);
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
