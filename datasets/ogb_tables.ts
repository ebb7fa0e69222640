/** The tables of the Open Graph Benchmark's raw CSV layout. @module */
import type { DataArray } from "./array.ts";
import type { DataFolder } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { type NumberTableValues, readNumberTable } from "./formats/number_table.ts";
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
export function checkRows(name: string, expected: number, table: DataArray): void {
  const rows = table.shape[0]!;
  if (rows === expected) return;
  throw new DataFormatError(
    `Cannot read graphs in OGB's layout as the rows of ${name} must add up: the graphs have ` +
      `${expected}, the table has ${rows}`,
  );
}

/** The ends of edges, which must be nodes. */
export function checkEnds(pairs: DataArray<Int32Array>, numNodes: number): void {
  if (pairs.data.length > 0 && pairs.shape[1] !== 2) {
    throw new DataFormatError(
      `Cannot read edges in OGB's layout as each has two ends: got ${pairs.shape[1]} in a row`,
    );
  }
  const wrong = pairs.data.findIndex((node) => node < 0 || node >= numNodes);
  if (wrong < 0) return;
  throw new DataFormatError(
    `Cannot read edges in OGB's layout as their ends are nodes from 0 to ${numNodes - 1}: edge ` +
      `${wrong >> 1} has ${pairs.data[wrong]}`,
    { record: wrong >> 1 },
  );
}

/** Which are for what, as the files of a split say. */
export async function readSplits(
  folder: DataFolder,
  split: string,
  count: number,
): Promise<Splits> {
  const placesOf = async (part: string): Promise<number[]> => {
    const { data } = await needTable(folder, `split/${split}/${part}`, "int32");
    const wrong = data.findIndex((place) => place < 0 || place >= count);
    if (wrong < 0) return [...data];
    throw new DataFormatError(
      `Cannot read split/${split}/${part} in OGB's layout as it has places from 0 to ${
        count - 1
      }: got ` +
        `${data[wrong]} in row ${wrong}`,
      { record: wrong },
    );
  };
  // One after another, so that the first of several missing files is the one that is named.
  return {
    train: await placesOf("train"),
    valid: await placesOf("valid"),
    test: await placesOf("test"),
  };
}
