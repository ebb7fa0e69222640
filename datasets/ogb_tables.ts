/** The tables of the Open Graph Benchmark's raw CSV layout. @module */
import type { DataArray } from "./array.ts";
import type { DataFolder } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { byteOfRow, type NumberTableValues, readNumberTable } from "./formats/number_table.ts";
import { gunzipChunks } from "./read_bytes.ts";

/** Which graphs or nodes are for what, by their places. */
export type Splits = Readonly<Record<"train" | "valid" | "test", readonly number[]>>;

/**
 * A table of numbers, which has no header; an empty field is NaN. Null where there is no such file.
 */
export async function readTable<T extends keyof NumberTableValues>(
  folder: DataFolder,
  name: string,
  type: T,
): Promise<DataArray<NumberTableValues[T]> | null> {
  const opened = await folder.open(`${name}.csv.gz`);
  if (!opened) return null;
  return await readNumberTable(gunzipChunks(opened, "a table"), type, { file: opened.name });
}

/** The error of a row of a table, which is read once more to tell where the row begins. */
export async function rowError(
  folder: DataFolder,
  name: string,
  row: number,
  problem: string,
): Promise<DataFormatError> {
  const file = folder.pathOf(`${name}.csv.gz`);
  const opened = await folder.open(`${name}.csv.gz`);
  const byteOffset = opened ? await byteOfRow(gunzipChunks(opened, "a table"), row) : 0;
  return new DataFormatError(
    `Cannot read ${file} as a table in OGB's layout: ${problem} in row ${row} at byte ${byteOffset} ` +
      `(the file is damaged or of another set: download or copy it again)`,
    { file, record: row, byteOffset },
  );
}

/** A table that must be there. */
export async function needTable<T extends keyof NumberTableValues>(
  folder: DataFolder,
  name: string,
  type: T,
): Promise<DataArray<NumberTableValues[T]>> {
  const table = await readTable(folder, name, type);
  if (table) return table;
  throw new DataNotFoundError(
    `Cannot open graphs in OGB's layout as a file is missing: ${folder.pathOf(`${name}.csv.gz`)}`,
  );
}

/** Features in int32 where all of them are whole, else in float32. */
export function narrowed(
  { shape, data }: DataArray<Float64Array>,
): DataArray<Int32Array | Float32Array> {
  const isWhole = data.every((value) => (value | 0) === value);
  return { shape, data: isWhole ? Int32Array.from(data) : Float32Array.from(data) };
}

/** Refuses a table with another number of rows than there are nodes, edges or graphs. */
export async function checkRows(
  folder: DataFolder,
  name: string,
  expected: number,
  { shape }: DataArray,
): Promise<void> {
  const rows = shape[0]!;
  if (rows === expected) return;
  const problem = `expected ${expected} rows, as the sizes of the graphs say, got ${rows},`;
  throw await rowError(folder, name, Math.min(rows, expected), problem);
}

/** Refuses edges with other than two ends, and ends that are no nodes of their graph. */
export async function checkEnds(
  folder: DataFolder,
  name: string,
  { shape, data }: DataArray<Int32Array>,
  nNode: Int32Array,
  nEdge: Int32Array,
): Promise<void> {
  if (data.length > 0 && shape[1] !== 2) {
    throw await rowError(folder, name, 0, `expected the two ends of an edge, got ${shape[1]}`);
  }
  let edge = 0;
  for (const [graph, count] of nEdge.entries()) {
    const numNodes = nNode[graph]!;
    for (const end = edge + count; edge < end; edge++) {
      const [from, to] = [data[2 * edge]!, data[2 * edge + 1]!];
      const isFrom = from >= 0 && from < numNodes;
      if (isFrom && to >= 0 && to < numNodes) continue;
      const wrong = isFrom ? to : from;
      const problem = `expected nodes from 0 to ${
        numNodes - 1
      } as the ends of an edge, got ${wrong}`;
      throw await rowError(folder, name, edge, problem);
    }
  }
}

/** Which are for what, as the files of a split say. */
export async function readSplits(
  folder: DataFolder,
  split: string,
  count: number,
): Promise<Splits> {
  const placesOf = async (part: string): Promise<number[]> => {
    const name = `split/${split}/${part}`;
    const { data, shape } = await needTable(folder, name, "int32");
    if (data.length > 0 && shape[1] !== 1) {
      throw await rowError(folder, name, 0, `expected one place, got ${shape[1]}`);
    }
    const wrong = data.findIndex((place) => place < 0 || place >= count);
    if (wrong < 0) return [...data];
    const problem = `expected places from 0 to ${count - 1}, got ${data[wrong]}`;
    throw await rowError(folder, name, wrong, problem);
  };
  // One after another, so that the first of several missing files is the one that is named.
  return {
    train: await placesOf("train"),
    valid: await placesOf("valid"),
    test: await placesOf("test"),
  };
}
