/** The error of all parsers: the bytes are not what their format says. @module */

/** Where some bytes lie, as far as it is known; it goes into an error's message and fields. */
export interface Place {
  /** The path or address of the file. */
  readonly file?: string | undefined;
  /** The number of the record in the file, from 0. */
  readonly record?: number | undefined;
  /** The byte of the file, from 0. */
  readonly byteOffset?: number | undefined;
}

/**
 * Data that do not follow their format: a damaged or truncated file, or metadata that do not
 * describe it. The message names file, record and byte, what was expected, what was found, and the
 * remedy.
 *
 * @example
 * ```ts
 * import { DataFormatError, decodeTfRecords } from "@meshwork/meshwork/datasets";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const records = decodeTfRecords([new Uint8Array(5)], { file: "train.tfrecord" });
 * const error = await assertRejects(() => records.next(), DataFormatError, "truncated");
 * assertEquals([error.file, error.record, error.byteOffset], ["train.tfrecord", 0, 0]);
 * ```
 */
export class DataFormatError extends SyntaxError {
  /** `"DataFormatError"`, which stays when class names are shortened. */
  override readonly name: string = "DataFormatError";
  /** The path or address of the file. */
  readonly file: string | undefined;
  /** The number of the record in the file, from 0. */
  readonly record: number | undefined;
  /** The byte of the file at which the record, or the damage where it is known, begins. */
  readonly byteOffset: number | undefined;

  /** Makes the error from its message and the place that the message names. */
  constructor(message: string, place: Place = {}, options?: ErrorOptions) {
    super(message, options);
    this.file = place.file;
    this.record = place.record;
    this.byteOffset = place.byteOffset;
  }
}

/** The place in words: `record 3 at byte 1407 of train.tfrecord`. */
export function describePlace({ file, record, byteOffset }: Place): string {
  const what = record === undefined ? "" : `record ${record} `;
  const where = byteOffset === undefined ? "" : `at byte ${byteOffset} `;
  const whole = file ?? "the given bytes";
  return what || where ? `${what}${where}of ${whole}` : whole;
}
