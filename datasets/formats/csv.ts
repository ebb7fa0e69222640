/** Records of CSV (RFC 4180), with their places. @module */
import { DataFormatError, type Place } from "./data_format_error.ts";

/** A record of a table. */
export interface CsvRecord {
  readonly fields: string[];
  /** Its number, from 0: the names of the columns are record 0. */
  readonly record: number;
  readonly byteOffset: number;
}

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34] as const;
const UTF8 = new TextDecoder();

/**
 * The records of a table, each with as many fields as the first. Empty lines are passed over.
 *
 * @throws {DataFormatError} If a record has more or fewer fields, or a quoted field does not end
 *   with its quote; the message names record and byte.
 */
export function* csvRecords(
  bytes: Uint8Array,
  place: Place = {},
  delimiter = ",",
): Generator<CsvRecord> {
  const separator = delimiter.charCodeAt(0);
  let width = -1;
  let record = 0;
  // A byte order mark is no part of the first name.
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const byteOffset = at;
    const fields: string[] = [];
    do {
      if (fields.length > 0) at++;
      const end = fieldEnd(bytes, at, separator);
      if (end < 0) {
        throw failure(
          place,
          record,
          byteOffset,
          "a quote that ends the field",
          "none, or more behind it",
        );
      }
      fields.push(fieldText(bytes.subarray(at, end)));
      at = end;
    } while (bytes[at] === separator);
    at++;
    if (fields.length === 1 && fields[0] === "") continue;
    if (width < 0) width = fields.length;
    if (fields.length !== width) {
      throw failure(place, record, byteOffset, `${width} fields`, `${fields.length}`);
    }
    yield { fields, record: record++, byteOffset };
  }
}

/**
 * Where a field ends: at the separator, the end of the line or of the file; -1 where a quoted one
 * has no end, or something behind it. A quote within a field that does not begin with one is a
 * letter.
 */
function fieldEnd(bytes: Uint8Array, start: number, separator: number): number {
  const isEnd = (byte: number | undefined): boolean =>
    byte === undefined || byte === separator || byte === NEWLINE;
  let at = start;
  if (bytes[at] !== QUOTE) {
    while (!isEnd(bytes[at])) at++;
    return at;
  }
  do {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at < 0) return -1;
    at++;
    // Two of them are one in the text.
  } while (bytes[at] === QUOTE);
  if (bytes[at] === RETURN) at++;
  return isEnd(bytes[at]) ? at : -1;
}

function fieldText(bytes: Uint8Array): string {
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
  if (bytes[0] !== QUOTE || bytes[end - 1] !== QUOTE || end < 2) {
    return UTF8.decode(bytes.subarray(0, end));
  }
  return UTF8.decode(bytes.subarray(1, end - 1)).replaceAll('""', '"');
}

function failure(
  place: Place,
  record: number,
  byteOffset: number,
  expected: string,
  actual: string,
): DataFormatError {
  return new DataFormatError(
    `Cannot read ${
      place.file ?? "the given bytes"
    } as CSV: expected ${expected} in record ${record} at ` +
      `byte ${byteOffset}, got ${actual} (correct the file, or give another {delimiter})`,
    { ...place, record, byteOffset },
  );
}
