/** CSV files as tables of arquero. @module */
import type { ColumnTable } from "arquero";
import { csvRecords } from "./formats/csv.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { readBytes } from "./read_bytes.ts";

/** Options of {@linkcode readCsv}. */
export interface ReadCsvOptions {
  /** What parts the fields; a comma by default. */
  readonly delimiter?: string;
  /** Whether the first line names the columns; true by default. */
  readonly header?: boolean;
}

/**
 * Reads a CSV file, compressed by gzip or not, as a table of [arquero](https://idl.uw.edu/arquero),
 * which is loaded by the first call. Columns of numbers, dates and truth values become such.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @param options The delimiter, and whether there is a header.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If a record has more or fewer fields than the first, or a quoted field
 *   does not end with its quote; the message names record and byte.
 * @throws {TypeError} If the delimiter is not one character of ASCII.
 *
 * @example
 * ```ts
 * import { readCsv } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const table = await readCsv(new TextEncoder().encode("mass,name\n1.5,a\n2,b\n"));
 * assertEquals(table.array("mass"), [1.5, 2]);
 * ```
 */
export async function readCsv(
  pathOrBytes: string | URL | Uint8Array,
  { delimiter = ",", header = true }: ReadCsvOptions = {},
): Promise<ColumnTable> {
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127) {
    throw new TypeError(
      `Cannot read CSV as its delimiter is one character of ASCII: got ${
        JSON.stringify(delimiter)
      }`,
    );
  }
  const { bytes, place } = await readBytes(pathOrBytes, "CSV");
  // arquero takes rows of any length, and fills up what is missing.
  let count = 0;
  for (const _ of csvRecords(bytes, place, delimiter)) count++;
  if (count === 0) {
    throw new DataFormatError(
      `Cannot read ${
        place.file ?? "the given bytes"
      } as CSV: expected a record at byte 0, got none`,
      { ...place, byteOffset: 0 },
    );
  }
  const { fromCSV } = await import("arquero");
  return fromCSV(new TextDecoder().decode(bytes), { delimiter, header });
}
