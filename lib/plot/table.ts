/** A small table of results, for a terminal, a page and a notebook. @module */
import { displayable, escapeHtml } from "../base/mod.ts";

/** A table: named columns, rows of text and numbers. */
export interface Table {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** A cell for each column in each row. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * Makes a table that shows itself, at the end of a notebook's cell or as a string.
 *
 * @throws {RangeError} If a row does not have a cell for each column.
 *
 * @example
 * ```ts
 * import { table } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const results = table(["steps", "MSE"], [[1, 0.00123456], [50, 0.25]]);
 * assertEquals(String(results), "steps       MSE\n    1  0.001235\n   50      0.25");
 * ```
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Table {
  rows.forEach((row, n) => {
    if (row.length === columns.length) return;
    throw new RangeError(
      `Cannot make a table as each row needs a cell for each of the ${columns.length} columns ` +
        `(${columns.join(", ")}): row ${n} has ${row.length}`,
    );
  });
  const result: Table = { columns, rows };
  return displayable(result, {
    text: () => tableText(result),
    bundle: () => ({ "text/html": tableHtml(result), "text/plain": tableText(result) }),
  });
}

/**
 * Prints a table with aligned columns: numbers to the right, text to the left.
 *
 * @example
 * ```ts
 * import { table, tableText } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const text = tableText(table(["engine", "steps/s"], [["xla", 20.5]]));
 * assertEquals(text, "engine  steps/s\nxla        20.5");
 * ```
 */
export function tableText(table: Table): string {
  const cells = [table.columns.slice(), ...table.rows.map((row) => row.map(formatCell))];
  const widths = table.columns.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const right = numericColumns(table);
  return cells.map((row) =>
    row.map((cell, c) => right[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!))
      .join("  ").trimEnd()
  ).join("\n");
}

/**
 * A table as an HTML element, styled in place as notebooks drop style sheets.
 *
 * @example
 * ```ts
 * import { table, tableHtml } from "@meshwork/meshwork/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(tableHtml(table(["engine"], [["<xla>"]])), "&lt;xla&gt;</td>");
 * ```
 */
export function tableHtml(table: Table): string {
  const right = numericColumns(table);
  const cell = (tag: string, text: string, c: number, border: string): string =>
    `<${tag} style="padding:4px 14px;border-bottom:1px solid ${border};font-variant-numeric:` +
    `tabular-nums;text-align:${right[c] ? "right" : "left"}">${escapeHtml(text)}</${tag}>`;
  const head = table.columns.map((name, c) => cell("th", name, c, "#8a94a0")).join("");
  const rows = table.rows.map((row) =>
    `<tr>${row.map((v, c) => cell("td", formatCell(v), c, "rgb(128 128 128 / 30%)")).join("")}</tr>`
  );
  return `<table style="border-collapse:collapse;margin:10px 0"><thead><tr>${head}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table>`;
}

function numericColumns(table: Table): boolean[] {
  return table.columns.map((_, c) => table.rows.every((row) => typeof row[c] === "number"));
}

function formatCell(value: string | number): string {
  if (typeof value === "string" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}
