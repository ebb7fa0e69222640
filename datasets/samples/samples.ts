/** The small data sets that come with the package. @module */
import { type MeshGraphNetsDataSet, openMeshGraphNets } from "../mesh_graph_nets.ts";

/** The name of a sample: that of its folder, which has a README with its source and licence. */
export type SampleName =
  | "cylinder_flow_mini"
  | "flag_simple_mini"
  | "lennard_jones"
  | "les_miserables"
  | "meshes"
  | "molecules_clogp"
  | "n_body_springs"
  | "qm9_mini"
  | "water_drop_mini";

/**
 * Where a sample lies, on the disk or on the server that the package was imported from.
 *
 * @param name The sample.
 * @param file A file of it; the folder without.
 * @returns The address, which the `open` functions and `fetch` take.
 *
 * @example
 * ```ts
 * import { sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const response = await fetch(sampleUrl("cylinder_flow_mini", "meta.json"));
 * assertEquals((await response.json()).trajectory_length, 100);
 * ```
 */
export function sampleUrl(name: SampleName, file?: string): URL {
  return new URL(file === undefined ? `./${name}` : `./${name}/${file}`, import.meta.url);
}

/**
 * A vortex street behind a cylinder, in MeshGraphNets' format: one trajectory of 100 frames to
 * train on and, on another mesh and with another flow, one to validate on. Fields: `cells` int32
 * `[1, C, 3]`, `mesh_pos` float32 `[1, N, 2]`, `node_type` int32 `[1, N, 1]`, `velocity` float32
 * `[100, N, 2]`, `pressure` float32 `[100, N, 1]`, for C triangles and N nodes (1,140 to train on,
 * 1,121 to validate).
 *
 * @returns Both splits.
 * @throws {DataNotFoundError} If the package's samples are not where its code is.
 *
 * @example
 * ```ts
 * import { cylinderFlowMini } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, valid } = await cylinderFlowMini();
 * assertEquals([train.split, valid.split], ["train", "valid"]);
 * ```
 */
export async function cylinderFlowMini(): Promise<
  { train: MeshGraphNetsDataSet; valid: MeshGraphNetsDataSet }
> {
  const folder = sampleUrl("cylinder_flow_mini");
  const [train, valid] = await Promise.all([
    openMeshGraphNets(folder, "train"),
    openMeshGraphNets(folder, "valid"),
  ]);
  return { train, valid };
}
