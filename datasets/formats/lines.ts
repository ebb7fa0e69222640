/** Lines of a text, with their places. @module */
import { DataFormatError, type Place } from "./data_format_error.ts";

/** A line of a text. */
export interface Line {
  /** Without its end, and without white space around it where that is no part of the format. */
  readonly text: string;
  /** Its number, from 0. */
  readonly record: number;
  /** Where it begins. */
  readonly byteOffset: number;
}

const NEWLINE = 10;
const UTF8 = new TextDecoder();

/**
 * The lines of a text, empty ones included.
 *
 * @param options Whether white space around them is taken off, as by default.
 */
export function* linesOf(
  bytes: Uint8Array,
  { trim = true }: { readonly trim?: boolean } = {},
): Generator<Line> {
  let record = 0;
  for (let start = 0; start < bytes.length; record++) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    const text = UTF8.decode(bytes.subarray(start, end));
    yield { text: trim ? text.trim() : text.replace(/\r$/, ""), record, byteOffset: start };
    start = end + 1;
  }
}

/**
 * The error of a line that is not what its format says.
 *
 * @param which What to call it in the message: the line by its number, or a record of several.
 */
export function lineError(
  format: string,
  place: Place,
  { record, byteOffset, text }: Line,
  expected: string,
  which = `line ${record}`,
): DataFormatError {
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given bytes"} as ${format}: expected ${expected} in ` +
      `${which} at byte ${byteOffset}, got ${JSON.stringify(shown)} ` +
      `(the file is damaged or of another kind: download or copy it again)`,
    { ...place, record, byteOffset },
  );
}

/** A line in the place of one that is missing. */
export function endOf(bytes: Uint8Array, record: number): Line {
  return { text: "the end of the file", record, byteOffset: bytes.length };
}
