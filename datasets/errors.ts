/** The error of data that are not where they were looked for. @module */

/** A data set, split or file does not exist; the message lists what there is. */
export class DataNotFoundError extends Error {
  override readonly name: string = "DataNotFoundError";
}
