/**
 * Sets of graphs in the text form of TUDataset (Morris et al. 2020, "TUDataset: A collection of
 * `benchmark datasets` for learning with graphs", arXiv:2007.08663).
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { type DataFolder, dataFolder } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { fetchArchive, type PublishedOptions } from "./fetch_archive.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { byteOfRow, type NumberTableValues, readNumberTable } from "./formats/number_table.ts";

/** A graph of N nodes and E edges; what a set does not have is null. */
export interface TuGraph {
  /** N. */
  readonly numNodes: number;
  /** int32 `[E]`; most sets hold each edge in both directions. */
  readonly senders: Int32Array;
  /** int32 `[E]`. */
  readonly receivers: Int32Array;
  /** The class of the graph, as the file has it. */
  readonly label: number | null;
  /** What is to be predicted of the graph, float64 `[T]`. */
  readonly targets: Float64Array | null;
  /** Kinds of nodes, int32 `[N, k]`. */
  readonly nodeLabels: DataArray<Int32Array> | null;
  /** Features of nodes, float64 `[N, F]`. */
  readonly nodeAttributes: DataArray<Float64Array> | null;
  /** Kinds of edges, int32 `[E, k]`. */
  readonly edgeLabels: DataArray<Int32Array> | null;
  /** Features of edges, float64 `[E, F]`. */
  readonly edgeAttributes: DataArray<Float64Array> | null;
}

const HOME = "https://www.chrsmrrs.com/graphkerneldatasets";

/**
 * Opens a set of graphs in the text form of TUDataset: `<name>_A.txt`, `<name>_graph_indicator.txt`
 * and, where they are there, `graph_labels`, `graph_attributes`, `node_labels`, `node_attributes`,
 * `edge_labels` and `edge_attributes`. Edges are given as they are written: none is added, dropped
 * or sorted.
 *
 * @param folderOrUrl The set's folder, on the disk or the web.
 * @param name What its files begin with; by default the name of the folder.
 * @returns The graphs, in the order of their numbers.
 * @throws {DataNotFoundError} If there are no edges or no numbers of graphs.
 * @throws {DataFormatError} If a table is damaged, the counts do not add up, or an edge leaves its
 * graph.
 *
 * @example
 * ```ts
 * import { openTuDataset } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/PAIRS_A.txt`, "1, 2\n2, 1\n4, 3\n");
 * await Deno.writeTextFile(`${folder}/PAIRS_graph_indicator.txt`, "1\n1\n2\n2\n");
 * const graphs = await openTuDataset(folder, "PAIRS");
 * assertEquals(graphs.map(({ senders }) => [...senders]), [[0, 1], [1]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openTuDataset(
  folderOrUrl: string | URL,
  name?: string,
): Promise<TuGraph[]> {
  const folder = dataFolder(folderOrUrl);
  const prefix = name ?? folder.name.split(/[\\/]/).at(-1)!;
  const read = <T extends keyof NumberTableValues>(part: string, type: T) =>
    readTable(folder, `${prefix}_${part}.txt`, type);
  const need = async (part: string): Promise<DataArray<Int32Array>> => {
    const table = await read(part, "int32");
    if (table) return table;
    throw new DataNotFoundError(
      `Cannot open ${folder.name} as a set of TUDataset as a file is missing: ` +
        `${folder.pathOf(`${prefix}_${part}.txt`)} (give the name that the files begin with)`,
    );
  };
  const tables = {
    edges: await need("A"),
    indicator: await need("graph_indicator"),
    labels: await read("graph_labels", "int32"),
    targets: await read("graph_attributes", "float64"),
    nodeLabels: await read("node_labels", "int32"),
    nodeAttributes: await read("node_attributes", "float64"),
    edgeLabels: await read("edge_labels", "int32"),
    edgeAttributes: await read("edge_attributes", "float64"),
  };
  const numGraphs = tables.labels?.shape[0] ?? tables.targets?.shape[0] ??
    tables.indicator.data.at(-1) ?? 0;
  const problem = findProblem(tables, numGraphs);
  if (problem) throw await errorOf(folder, prefix, problem);
  return graphsOf(tables, numGraphs);
}

/** The error of a row, whose table is read once more to tell where the row begins. */
async function errorOf(
  folder: DataFolder,
  prefix: string,
  { part, row, problem }: Problem,
): Promise<DataFormatError> {
  const name = `${prefix}_${part}.txt`;
  const file = folder.pathOf(name);
  const opened = await folder.open(name);
  const byteOffset = opened ? await byteOfRow(opened.chunks, row) : 0;
  return new DataFormatError(
    `Cannot read ${file} as a table of TUDataset: ${problem} in row ${row} at byte ${byteOffset} ` +
      `(the file is damaged or of another set: download it again)`,
    { file, record: row, byteOffset },
  );
}

/**
 * A set of graphs of TUDataset, from its home or where an earlier call put it.
 *
 * @param name Such as `MUTAG`, `PROTEINS`, `ENZYMES`, `NCI1`, `IMDB-BINARY`, `QM9`: any of the
 * collection.
 * @param options A mirror (`<base>/<name>.zip`), the folder that keeps the collection, the
 * archive's hash.
 * @returns What {@linkcode openTuDataset} gives.
 * @throws {RangeError} If that can be no name.
 * @throws {DataNotFoundError} If there is no such set, or it cannot be downloaded.
 * @throws {DataFormatError} If the archive or a table in it is damaged.
 *
 * @example
 * ```ts ignore
 * const graphs = await tuDataset("MUTAG");
 * console.log(graphs.length); // 188
 * ```
 */
export async function tuDataset(
  name: string,
  options: PublishedOptions = {},
): Promise<TuGraph[]> {
  if (!/^[\w-]+$/.test(name)) {
    throw new RangeError(
      `Cannot download ${name} of TUDataset as names have letters, digits, - and _ ` +
        `(a folder is opened by openTuDataset)`,
    );
  }
  return await openTuDataset(await fetchArchive(`${HOME}/${name}.zip`, "tudataset", options), name);
}

async function readTable<T extends keyof NumberTableValues>(
  folder: DataFolder,
  file: string,
  type: T,
): Promise<DataArray<NumberTableValues[T]> | null> {
  const opened = await folder.open(file);
  return opened && await readNumberTable(opened.chunks, type, { file: opened.name });
}

/** All tables of a set. */
interface Tables {
  readonly edges: DataArray<Int32Array>;
  readonly indicator: DataArray<Int32Array>;
  readonly labels: DataArray<Int32Array> | null;
  readonly targets: DataArray<Float64Array> | null;
  readonly nodeLabels: DataArray<Int32Array> | null;
  readonly nodeAttributes: DataArray<Float64Array> | null;
  readonly edgeLabels: DataArray<Int32Array> | null;
  readonly edgeAttributes: DataArray<Float64Array> | null;
}

function graphsOf(tables: Tables, numGraphs: number): TuGraph[] {
  const { indicator: { data: indicator }, edges } = tables;
  const firstNode = beginnings(indicator, numGraphs);
  const { order, firstEdge } = edgesByGraph(edges, indicator, numGraphs);
  return Array.from({ length: numGraphs }, (_, graph): TuGraph => {
    const [begin, end] = [firstNode[graph]!, firstNode[graph + 1]!];
    const own = order.subarray(firstEdge[graph]!, firstEdge[graph + 1]!);
    const nodes = Int32Array.from({ length: end - begin }, (_, i) => begin + i);
    return {
      numNodes: end - begin,
      senders: own.map((edge) => edges.data[2 * edge]! - 1 - begin),
      receivers: own.map((edge) => edges.data[2 * edge + 1]! - 1 - begin),
      label: tables.labels?.data[graph] ?? null,
      targets: tables.targets && rows(tables.targets, Int32Array.of(graph)).data,
      nodeLabels: tables.nodeLabels && rows(tables.nodeLabels, nodes),
      nodeAttributes: tables.nodeAttributes && rows(tables.nodeAttributes, nodes),
      edgeLabels: tables.edgeLabels && rows(tables.edgeLabels, own),
      edgeAttributes: tables.edgeAttributes && rows(tables.edgeAttributes, own),
    };
  });
}

/** What is wrong with a row of a table. */
interface Problem {
  /** What the table's file is called behind the set's name: `graph_labels`. */
  readonly part: string;
  readonly row: number;
  readonly problem: string;
}

/** The first thing that does not fit together; null where all does. */
function findProblem(tables: Tables, numGraphs: number): Problem | null {
  const numNodes = tables.indicator.shape[0]!;
  const numEdges = tables.edges.shape[0]!;
  const expected: [part: string, table: DataArray | null, rows: number, width?: number][] = [
    ["A", tables.edges, numEdges, 2],
    ["graph_indicator", tables.indicator, numNodes, 1],
    ["graph_labels", tables.labels, numGraphs],
    ["graph_attributes", tables.targets, numGraphs],
    ["node_labels", tables.nodeLabels, numNodes],
    ["node_attributes", tables.nodeAttributes, numNodes],
    ["edge_labels", tables.edgeLabels, numEdges],
    ["edge_attributes", tables.edgeAttributes, numEdges],
  ];
  for (const [part, table, rows, width] of expected) {
    const [found, fields] = table?.shape ?? [rows];
    if (found !== rows) {
      return { part, row: Math.min(found!, rows), problem: `expected ${rows} rows, got ${found},` };
    }
    if (width !== undefined && found > 0 && fields !== width) {
      return { part, row: 0, problem: `expected rows of ${width} fields, got ${fields}` };
    }
  }
  return findNode(tables.indicator.data, numGraphs) ??
    findEdge(tables.edges, tables.indicator.data);
}

/** A node whose graph is not numbered from 1 on, in the order of the nodes. */
function findNode(indicator: Int32Array, numGraphs: number): Problem | null {
  const row = indicator.findIndex((graph, node) =>
    graph < (indicator[node - 1] ?? 1) || graph > numGraphs
  );
  if (row < 0) return null;
  const problem = `expected graphs from 1 to ${numGraphs} in their order, got ${indicator[row]}`;
  return { part: "graph_indicator", row, problem };
}

/** An edge that leaves its graph, or joins what is no node; nodes are numbered from 1. */
function findEdge({ shape, data }: DataArray<Int32Array>, indicator: Int32Array): Problem | null {
  for (let row = 0; row < shape[0]!; row++) {
    const [from, to] = [data[2 * row]!, data[2 * row + 1]!];
    const graph = indicator[from - 1];
    if (graph !== undefined && graph === indicator[to - 1]) continue;
    return { part: "A", row, problem: `expected two nodes of one graph, got ${from} and ${to}` };
  }
  return null;
}

/** Where the nodes of each graph begin. */
function beginnings(indicator: Int32Array, numGraphs: number): Int32Array {
  const first = new Int32Array(numGraphs + 1);
  indicator.forEach((graph, node) => first[graph] = node + 1);
  // A graph without nodes begins and ends where the one before it ends.
  for (let graph = 1; graph <= numGraphs; graph++) first[graph] ||= first[graph - 1]!;
  return first;
}

/** The edges of each graph, in their order. */
function edgesByGraph(
  { shape, data }: DataArray<Int32Array>,
  indicator: Int32Array,
  numGraphs: number,
): { order: Int32Array; firstEdge: Int32Array } {
  const count = shape[0]!;
  const graphOf = Int32Array.from({ length: count }, (_, edge) => indicator[data[2 * edge]! - 1]!);
  const firstEdge = new Int32Array(numGraphs + 1);
  for (const graph of graphOf) firstEdge[graph]!++;
  for (let graph = 1; graph <= numGraphs; graph++) firstEdge[graph]! += firstEdge[graph - 1]!;
  const next = firstEdge.slice();
  const order = new Int32Array(count);
  graphOf.forEach((graph, edge) => order[next[graph - 1]!++] = edge);
  return { order, firstEdge };
}

/** Some rows of a table. */
function rows<T extends Int32Array | Float64Array>(
  { shape, data }: DataArray<T>,
  places: Int32Array,
): DataArray<T> {
  const width = shape[1]!;
  const taken = new (data.constructor as new (length: number) => T)(places.length * width);
  places.forEach((row, i) => taken.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { shape: [places.length, width], data: taken };
}
