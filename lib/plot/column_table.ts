/** Arquero's tables on the screen: the first rows, and how many there are. @module */
import { escapeHtml, type MimeBundle } from "../base/mod.ts";
import { tableHtml, tableText } from "./table.ts";

/** An arquero table, as far as showing it goes. */
export interface ColumnTable {
  /** Number of rows. */
  numRows(): number;
  /** The names of the columns. */
  columnNames(): string[];
  /** A value, by column and row. */
  get(name: string, row?: number): unknown;
}

const MAX_ROWS = 12;

/** Whether a value is a table of arquero's. */
export function isColumnTable(value: unknown): value is ColumnTable {
  const table = value as Partial<ColumnTable> | null;
  return typeof table === "object" && table !== null && typeof table.numRows === "function" &&
    typeof table.columnNames === "function" && typeof table.get === "function";
}

/** The table's first rows as text and HTML. */
export function columnTableBundle(table: ColumnTable): MimeBundle {
  const columns = table.columnNames();
  const count = table.numRows();
  const rows = Array.from(
    { length: Math.min(MAX_ROWS, count) },
    (_, row) => columns.map((name) => cell(table.get(name, row))),
  );
  const first = { columns, rows };
  const note = count > MAX_ROWS ? `${count} rows, the first ${MAX_ROWS}` : `${count} rows`;
  return {
    "text/plain": `${tableText(first)}\n${note}`,
    "text/html": `${tableHtml(first)}<div>${escapeHtml(note)}</div>`,
  };
}

function cell(value: unknown): string | number {
  if (typeof value === "number") return value;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `[${Array.from(value as ArrayLike<unknown>).join(", ")}]`;
  }
  return value === null || value === undefined ? "" : String(value);
}
