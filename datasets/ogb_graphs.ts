/**
 * Graphs in the raw CSV layout of the Open Graph Benchmark (Hu et al. 2020, arXiv:2005.00687): compressed
 * tables of all graphs' nodes and edges, one after another, with the number of each graph's.
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { type DataFolder, dataFolder } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { DataFormatError } from "./formats/mod.ts";

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
  /** The class of the graph; NaN where it is not known. */
  readonly label: number;
}

/** Which graphs are for what, by their places. */
export type Splits = Readonly<Record<"train" | "valid" | "test", readonly number[]>>;

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

const RAW = ["edge", "num-node-list", "num-edge-list", "node-feat", "edge-feat", "graph-label"];

/** Rows of numbers. */
type Table = number[][];

/** A table of numbers, which has no header; an empty field is NaN, as is "NaN". */
async function readTable(folder: DataFolder, file: string): Promise<Table> {
  const opened = await folder.open(file);
  if (!opened) {
    throw new DataNotFoundError(
      `Cannot open graphs in OGB's layout as a file is missing: ${folder.pathOf(file)}`,
    );
  }
  const bytes = ReadableStream.from(opened.chunks as AsyncIterable<BufferSource>);
  let text: string;
  try {
    text = await new Response(bytes.pipeThrough(new DecompressionStream("gzip"))).text();
  } catch (error) {
    throw new DataFormatError(
      `Cannot read ${opened.name} as a table as it is no whole gzip file ` +
        `(${(error as Error).message}; load it again)`,
      { file: opened.name },
    );
  }
  const rows = text.split(/\r?\n/).filter((line) => line !== "");
  return rows.map((line, record) => {
    const fields = line.split(",").map((field) => field.trim());
    const values = fields.map((field) => field === "" ? NaN : Number(field));
    if (fields.every((field, i) => /^(nan)?$/i.test(field) || !isNaN(values[i]!))) return values;
    throw new DataFormatError(
      `Cannot read ${opened.name} as a table of numbers: row ${record} is ${JSON.stringify(line)}`,
      { file: opened.name, record },
    );
  });
}

/** Fails unless a table has rows of `width` whole numbers from `min` to below `max`. */
function checkTable(
  name: string,
  rows: readonly number[][],
  width: number,
  [min, max]: readonly [min: number, max: number] = [-(2 ** 31), 2 ** 31],
): void {
  const fits = (value: number): boolean => Number.isInteger(value) && value >= min && value < max;
  const record = rows.findIndex((row) => row.length !== width || !row.every(fits));
  if (record < 0) return;
  throw new DataFormatError(
    `Cannot read graphs in OGB's layout as ${name} has ${width} whole numbers from ${min} to ` +
      `${max - 1} in each row: row ${record} is ${rows[record]!.join(",")}`,
    { record },
  );
}

/** Rows of whole numbers as an array. */
function arrayOf(rows: readonly number[][], width: number): DataArray<Int32Array> {
  return { shape: [rows.length, width], data: Int32Array.from(rows.flat()) };
}

function checkCounts(name: string, counts: readonly number[], rows: readonly unknown[]): void {
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum === rows.length) return;
  throw new DataFormatError(
    `Cannot read graphs in OGB's layout as the rows of ${name} must add up: the graphs have ${sum}, ` +
      `the table has ${rows.length}`,
  );
}

/**
 * Opens a data set of graphs in OGB's raw CSV layout: `raw/edge.csv.gz`, `num-node-list`,
 * `num-edge-list`, `node-feat`, `edge-feat`, `graph-label`, and `split/<name>/train.csv.gz`, `valid`,
 * `test`. Edges are stored in one direction; the other is added, as OGB's and Jraph's readers do.
 *
 * @param folderOrUrl The data set's folder, on the disk or the web.
 * @throws {DataNotFoundError} If a file is missing; it names the file.
 * @throws {DataFormatError} If a table is damaged, the counts do not add up, or an edge or a split
 * names what there is not.
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
  const tables = await Promise.all(RAW.map((name) => readTable(folder, `raw/${name}.csv.gz`)));
  const [pairs, nodeCounts, edgeCounts, nodeRows, edgeRows, labels] = tables as [
    ...[edges: Table, nodeCounts: Table, edgeCounts: Table],
    ...[nodeRows: Table, edgeRows: Table, labels: Table],
  ];
  checkTable("num-node-list", nodeCounts, 1, [0, 2 ** 31]);
  checkTable("num-edge-list", edgeCounts, 1, [0, 2 ** 31]);
  checkTable("node-feat", nodeRows, nodeRows[0]?.length ?? 0);
  checkTable("edge-feat", edgeRows, edgeRows[0]?.length ?? 0);
  const [nNode, nEdge] = [nodeCounts.flat(), edgeCounts.flat()];
  checkCounts("num-edge-list", nNode.map(() => 1), nEdge);
  checkCounts("node-feat", nNode, nodeRows);
  checkCounts("edge-feat", nEdge, edgeRows);
  checkCounts("edge", nEdge, pairs);
  checkCounts("graph-label", nNode.map(() => 1), labels);
  const both = <T>(items: readonly T[], inverse: (item: T) => T): T[] =>
    addInverseEdges ? items.flatMap((item) => [item, inverse(item)]) : [...items];
  let [node, edge] = [0, 0];
  const graphs = nNode.map((n, i): LabelledGraph => {
    const ends = both(pairs.slice(edge, edge + nEdge[i]!), ([s, r]) => [r!, s!]);
    const features = both(edgeRows.slice(edge, edge + nEdge[i]!), (row) => row);
    const nodes = nodeRows.slice(node, node + n);
    checkTable(`edge of graph ${i}`, pairs.slice(edge, edge + nEdge[i]!), 2, [0, n]);
    [node, edge] = [node + n, edge + nEdge[i]!];
    return {
      nodes: arrayOf(nodes, nodeRows[0]?.length ?? 0),
      edges: arrayOf(features, edgeRows[0]?.length ?? 0),
      senders: Int32Array.from(ends, ([s]) => s!),
      receivers: Int32Array.from(ends, ([, r]) => r!),
      label: labels[i]![0]!,
    };
  });
  const placesOf = async (part: string): Promise<number[]> => {
    const rows = await readTable(folder, `split/${split}/${part}.csv.gz`);
    checkTable(`split ${part}`, rows, 1, [0, graphs.length]);
    return rows.flat();
  };
  // One after another, so that the first of several missing files is the one that is named.
  const splits = {
    train: await placesOf("train"),
    valid: await placesOf("valid"),
    test: await placesOf("test"),
  };
  return { graphs, splits };
}
