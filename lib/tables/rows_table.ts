/** Logs, metrics and results as tables. @module */
import type { ColumnTable } from "arquero";
import type { Table } from "../plot/mod.ts";
import { describe } from "../tree/mod.ts";
import { fromColumns } from "./columns.ts";

/** Rows by column name, such as what a training step reports, or the results of a benchmark. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

const ACTION = "make a table of rows";

/**
 * Rows as an arquero table: the log of a training, metrics, results of a benchmark, or what `table`
 * of the plots made. What a row lacks is null. The other way is arquero's own `objects()`.
 *
 * @param rows Objects of values by column name, or a table of the plots.
 * @returns A table with the columns in the order in which they first appear. Columns of numbers are
 * float64.
 * @throws {TypeError} If a row is no plain object.
 *
 * @example The log of a training, its best step, and the whole as a file
 * ```ts
 * import { toTable, writeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 * import { desc } from "arquero";
 *
 * const log: { step: number; loss: number; error?: number }[] = [];
 * for (let step = 1; step <= 3; step++) log.push({ step, loss: 1 / step });
 * log.push({ step: 4, loss: 0.5, error: 0.1 });
 *
 * const table = toTable(log);
 * assertEquals(table.orderby(desc("loss")).get("step"), 1);
 * assertEquals(table.array("error"), [null, null, null, 0.1]);
 *
 * const folder = await Deno.makeTempDir();
 * await writeTable(`${folder}/log.parquet`, table);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function toTable(rows: Rows | Table): ColumnTable {
  const records = isPlotTable(rows) ? recordsOf(rows) : rows;
  if (!Array.isArray(records)) {
    throw new TypeError(`Cannot ${ACTION} as they are a list of objects: got ${describe(rows)}`);
  }
  const bad = records.findIndex((row) => !isRecord(row));
  if (bad >= 0) {
    throw new TypeError(
      `Cannot ${ACTION} as each is an object of values by column: row ${bad} is ` +
        describe(records[bad]),
    );
  }
  return fromColumns([...new Set(records.flatMap((row) => Object.keys(row)))], records);
}

function isPlotTable(rows: Rows | Table): rows is Table {
  return isRecord(rows) && Array.isArray(rows.columns) && Array.isArray(rows.rows);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value) && !(value instanceof Map) && !(value instanceof Date);
}

function recordsOf({ columns, rows }: Table): Rows {
  return rows.map((row) => Object.fromEntries(columns.map((name, c) => [name, row[c]])));
}
