/** The error of data that are not where they were looked for. @module */

/**
 * A data set, split or file does not exist; the message lists what there is.
 *
 * @example
 * ```ts
 * import { DataNotFoundError, openMeshGraphNets, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertRejects } from "@std/assert";
 *
 * const folder = sampleUrl("cylinder_flow_mini");
 * await assertRejects(() => openMeshGraphNets(folder, "test"), DataNotFoundError, "test");
 * ```
 */
export class DataNotFoundError extends Error {
  /** `"DataNotFoundError"`, which stays when class names are shortened. */
  override readonly name: string = "DataNotFoundError";
}
