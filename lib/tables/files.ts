/** Tables into files: CSV, Parquet, Arrow. @module */
import { type ColumnTable, fromArrow, toArrowIPC, toCSV } from "arquero";
import { replaceFile, requireDeno } from "../base/mod.ts";
import { isColumnTable } from "../plot/internal.ts";
import { describe } from "../tree/mod.ts";
import { fromColumns, valuesOfColumn } from "./columns.ts";

/** A format that tables are written in. */
export type TableFormat = "csv" | "parquet" | "arrow";

const FORMATS: readonly TableFormat[] = ["csv", "parquet", "arrow"];

/**
 * A table as the bytes of a file: CSV; Parquet (by hyparquet-writer, which is loaded by the first
 * call), compressed by Snappy; or Arrow's file format, also known as Feather 2.
 *
 * Parquet has int32, float, double, boolean and string columns, each with nulls; Arrow also takes
 * columns of arrays.
 *
 * @param table Any table of arquero; rows that were filtered out are left out.
 * @param format The format.
 * @throws {TypeError} If it is no table, or a column has values that the format has no place for.
 * @throws {RangeError} If there is no such format, or a column for Arrow has no values.
 *
 * @example
 * ```ts
 * import { encodeTable, toTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = await encodeTable(toTable([{ step: 1, loss: 0.5 }]), "csv");
 * assertEquals(new TextDecoder().decode(bytes), "step,loss\n1,0.5\n");
 * ```
 */
export async function encodeTable(
  table: ColumnTable,
  format: TableFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isColumnTable(table)) {
    throw new TypeError(`Cannot write a table as it is one of arquero: got ${describe(table)}`);
  }
  if (!FORMATS.includes(format)) {
    throw new RangeError(
      `Cannot write a table as its format is one of ${FORMATS.join(", ")}: got ${String(format)}`,
    );
  }
  if (format === "arrow") return encodeArrow(table);
  const columns = table.columnNames().map((name) => {
    const data = valuesOfColumn(table, name);
    return { name, data, type: typeOf(data, name, format) };
  });
  if (format === "csv") return new TextEncoder().encode(toCSV(table));
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  return new Uint8Array(parquetWriteBuffer({ columnData: columns as never }));
}

type Bytes = Uint8Array<ArrayBuffer>;

function encodeArrow(table: ColumnTable): Bytes {
  const isEmpty = (name: string): boolean =>
    Array.from(valuesOfColumn(table, name)).every((value) => value === null || value === undefined);
  const empty = table.columnNames().find(isEmpty);
  if (empty === undefined) return toArrowIPC(table.reify(), { format: "file" }) as Bytes;
  throw new RangeError(
    `Cannot write a table as arrow as types are told from values: column ${empty} has none (leave ` +
      `it out, or write parquet or csv)`,
  );
}

/** What Arrow files begin and end with. */
const ARROW_MARK = "ARROW1";

function readArrow(bytes: Uint8Array): ColumnTable {
  const text = (part: Uint8Array): string => String.fromCharCode(...part);
  const ends = [bytes.subarray(0, ARROW_MARK.length), bytes.subarray(-ARROW_MARK.length)];
  if (ends.some((part) => text(part) !== ARROW_MARK)) {
    throw new SyntaxError(`Cannot read Arrow as its mark is ${ARROW_MARK}: there is none`);
  }
  return fromArrow(bytes);
}

/** Parquet's type of a column. */
function typeOf(data: ArrayLike<unknown>, name: string, format: TableFormat): string {
  if (data instanceof Int32Array) return "INT32";
  if (data instanceof Float32Array) return "FLOAT";
  const types = new Set<string>();
  for (let row = 0; row < data.length; row++) {
    const value = data[row];
    if (value === null || value === undefined) continue;
    types.add(typeof value);
    if (types.size === 1 && ["number", "boolean", "string"].includes(typeof value)) continue;
    throw new TypeError(
      `Cannot write a table as ${format} as a column has numbers, booleans or strings: ${name} has ` +
        `${describe(value)} in row ${row} (make a column of each number, or write arrow)`,
    );
  }
  const [type = "number"] = types;
  return { number: "DOUBLE", boolean: "BOOLEAN" }[type] ?? "STRING";
}

/**
 * Writes a table to a file, in the format that its name ends in: `.csv`, `.parquet` or `.arrow`.
 * The file appears only when it is complete; folders are made as needed.
 *
 * @param path The file.
 * @param table Any table of arquero.
 * @throws {TypeError} If it is no table, or a column has values that the format has no place for.
 * @throws {RangeError} If the name ends in something else, or a column for Arrow has no values.
 * @throws {Error} If the file cannot be written.
 *
 * @example The degrees of a graph's nodes, for another program
 * ```ts
 * import { graphsTuple } from "@meshwork/meshwork";
 * import { readTable, toEdgeTable, writeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ senders: [0, 1], receivers: [2, 2], nNode: [3], nEdge: [2] });
 * const folder = await Deno.makeTempDir();
 * await writeTable(`${folder}/edges.parquet`, toEdgeTable(graph));
 * const degrees = (await readTable(`${folder}/edges.parquet`)).groupby("receiver").count();
 * assertEquals(degrees.objects(), [{ receiver: 2, count: 2 }]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeTable(path: string | URL, table: ColumnTable): Promise<void> {
  await replaceFile(path, await encodeTable(table, formatOf(path, "write") as TableFormat));
}

/**
 * Reads a table from a Parquet or Arrow file. (`readCsv` of the data sets reads CSV.)
 *
 * @param path A file whose name ends in `.parquet` or `.arrow`.
 * @throws {RangeError} If the name ends in something else.
 * @throws {SyntaxError} If the file is damaged, or of another kind.
 *
 * @example
 * ```ts
 * import { readTable, toTable, writeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeTable(`${folder}/log.arrow`, toTable([{ step: 1, loss: 0.5 }]));
 * assertEquals((await readTable(`${folder}/log.arrow`)).objects(), [{ step: 1, loss: 0.5 }]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readTable(path: string | URL): Promise<ColumnTable> {
  requireDeno("read", path);
  const format = formatOf(path, "read");
  if (format === "csv") {
    throw new RangeError(
      `Cannot read ${path} as a table as it must be parquet or arrow: got csv (use readCsv of ` +
        `@meshwork/meshwork/datasets)`,
    );
  }
  const bytes = await Deno.readFile(path);
  try {
    return format === "arrow" ? readArrow(bytes) : await readParquet(bytes);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read ${path} as ${format}: expected a table, got ${bytes.length} bytes of something ` +
        `else (the file is damaged or of another kind: ${(cause as Error).message})`,
      { cause },
    );
  }
}

async function readParquet(bytes: Uint8Array<ArrayBuffer>): Promise<ColumnTable> {
  const { parquetMetadata, parquetReadObjects } = await import("hyparquet");
  const names = parquetMetadata(bytes.buffer).schema.slice(1).map(({ name }) => name);
  const rows = await parquetReadObjects({ file: bytes.buffer });
  return fromColumns(
    names,
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))
    ),
  );
}

/** An int64 as a number, where it is one exactly. */
function plain(value: unknown): unknown {
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function formatOf(path: string | URL, action: string): string {
  const ending = String(path).match(/\.([a-z]+)$/i)?.[1]?.toLowerCase();
  if (ending && (FORMATS as readonly string[]).includes(ending)) return ending;
  throw new RangeError(
    `Cannot ${action} ${path} as a table as its name says the format: got ${
      ending ?? "none"
    } (end ` +
      `it in ${FORMATS.map((format) => `.${format}`).join(", ")})`,
  );
}
