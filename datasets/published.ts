/** The published data sets, downloaded from their homes when they are asked for. @module */
import { inFolder } from "./cache.ts";
import { dataCacheFolder } from "./cache_folder.ts";
import { localPath } from "./data_folder.ts";
import { fetchArchive, fetchFile, type PublishedOptions } from "./fetch_archive.ts";
import { type LagrangeBenchDataSet, openLagrangeBench } from "./lagrange_bench.ts";
import { type LearningToSimulateDataSet, openLearningToSimulate } from "./learning_to_simulate.ts";
import { type MeshGraphNetsDataSet, openMeshGraphNets } from "./mesh_graph_nets.ts";

/** The data sets of Learning to Simulate. */
export type LearningToSimulateName =
  | "WaterDropSample"
  | "WaterDrop"
  | "Water"
  | "Sand"
  | "Goop"
  | "MultiMaterial"
  | "RandomFloor"
  | "WaterRamps"
  | "SandRamps"
  | "FluidShake"
  | "FluidShakeBox"
  | "Continuous"
  | "WaterDrop-XL"
  | "Water-3D"
  | "Sand-3D"
  | "Goop-3D";

/** The data sets of MeshGraphNets. */
export type MeshGraphNetsName =
  | "airfoil"
  | "cylinder_flow"
  | "deforming_plate"
  | "flag_minimal"
  | "flag_simple"
  | "flag_dynamic"
  | "flag_dynamic_sizing"
  | "sphere_simple"
  | "sphere_dynamic"
  | "sphere_dynamic_sizing";

/** The data sets of LagrangeBench. */
export type LagrangeBenchName = "tgv2d" | "rpf2d" | "ldc2d" | "dam2d" | "tgv3d" | "rpf3d" | "ldc3d";

const LEARNING_TO_SIMULATE: readonly LearningToSimulateName[] = [
  "WaterDropSample",
  "WaterDrop",
  "Water",
  "Sand",
  "Goop",
  "MultiMaterial",
  "RandomFloor",
  "WaterRamps",
  "SandRamps",
  "FluidShake",
  "FluidShakeBox",
  "Continuous",
  "WaterDrop-XL",
  "Water-3D",
  "Sand-3D",
  "Goop-3D",
];

const MESH_GRAPH_NETS: readonly MeshGraphNetsName[] = [
  "airfoil",
  "cylinder_flow",
  "deforming_plate",
  "flag_minimal",
  "flag_simple",
  "flag_dynamic",
  "flag_dynamic_sizing",
  "sphere_simple",
  "sphere_dynamic",
  "sphere_dynamic_sizing",
];

/** The names of LagrangeBench's archives, without `.zip`. */
const LAGRANGE_BENCH: Readonly<Record<LagrangeBenchName, string>> = {
  tgv2d: "2D_TGV_2500_10kevery100",
  rpf2d: "2D_RPF_3200_20kevery100",
  ldc2d: "2D_LDC_2708_10kevery100",
  dam2d: "2D_DAM_5740_20kevery100",
  tgv3d: "3D_TGV_8000_10kevery100",
  rpf3d: "3D_RPF_8000_10kevery100",
  ldc3d: "3D_LDC_8160_10kevery100",
};

/** The homes of the data sets, as the papers' own download scripts have them. */
const HOMES = {
  learningToSimulate:
    "https://storage.googleapis.com/learning-to-simulate-complex-physics/Datasets",
  meshGraphNets: "https://storage.googleapis.com/dm-meshgraphnets",
  lagrangeBench: "https://zenodo.org/records/10491868/files",
} as const;

const SPLITS: readonly PublishedSplit[] = ["train", "valid", "test"];

/** A split that all published data sets have. */
export type PublishedSplit = "train" | "valid" | "test";

/**
 * A data set of Learning to Simulate, from DeepMind's storage or where an earlier call put it.
 * `WaterDropSample` (two trajectories a split) is the small one to begin with; the others have
 * several gigabytes.
 *
 * @param name `WaterDropSample`, `WaterDrop`, `Water`, `Sand`, `Goop`, `MultiMaterial`,
 *   `RandomFloor`, `WaterRamps`, `SandRamps`, `FluidShake`, `FluidShakeBox`, `Continuous`,
 *   `WaterDrop-XL`, `Water-3D`, `Sand-3D` or `Goop-3D`.
 * @param split `train`, `valid` or `test`; only its file is downloaded.
 * @param options A mirror (`<base>/<name>/<file>`), the folder that keeps the data set's own,
 * hashes.
 * @returns What {@linkcode openLearningToSimulate} gives.
 * @throws {RangeError} If there is no such data set or split.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If a file is not what it was, or what its format says.
 *
 * @example A mirror on this machine
 * ```ts
 * import { learningToSimulate, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mirror = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
 *   const file = request.url.split("/").at(-1)!;
 *   return fetch(sampleUrl("n_body_springs", file));
 * });
 * const folder = await Deno.makeTempDir();
 * const base = `http://127.0.0.1:${mirror.addr.port}`;
 * const sand = await learningToSimulate("Sand", "valid", { base, folder });
 * assertEquals(sand.metadata.sequence_length, 100);
 * await mirror.shutdown();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function learningToSimulate(
  name: LearningToSimulateName,
  split: PublishedSplit,
  options: PublishedOptions = {},
): Promise<LearningToSimulateDataSet> {
  checkName("Learning to Simulate", name, LEARNING_TO_SIMULATE, split);
  const files = ["metadata.json", `${split}.tfrecord`];
  const set = { home: HOMES.learningToSimulate, group: "learning_to_simulate", name };
  return await openLearningToSimulate(await fetchFiles(set, files, options), split);
}

/**
 * A data set of MeshGraphNets, from DeepMind's storage or where an earlier call put it. They have
 * several gigabytes each, but for `flag_minimal`.
 *
 * @param name `airfoil`, `cylinder_flow`, `deforming_plate`, `flag_minimal`, `flag_simple`,
 *   `flag_dynamic`, `flag_dynamic_sizing`, `sphere_simple`, `sphere_dynamic` or
 *   `sphere_dynamic_sizing`.
 * @param split `train`, `valid` or `test`; only its file is downloaded.
 * @param options A mirror (`<base>/<name>/<file>`), the folder that keeps the data set's own,
 * hashes.
 * @returns What {@linkcode openMeshGraphNets} gives.
 * @throws {RangeError} If there is no such data set or split.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If a file is not what it was, or what its format says.
 *
 * @example A mirror on this machine
 * ```ts
 * import { meshGraphNets, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mirror = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
 *   const file = request.url.split("/").at(-1)!;
 *   return fetch(sampleUrl("cylinder_flow_mini", file));
 * });
 * const folder = await Deno.makeTempDir();
 * const base = `http://127.0.0.1:${mirror.addr.port}`;
 * const flow = await meshGraphNets("cylinder_flow", "valid", { base, folder });
 * assertEquals(flow.metadata.dt, 0.01);
 * await mirror.shutdown();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function meshGraphNets(
  name: MeshGraphNetsName,
  split: PublishedSplit,
  options: PublishedOptions = {},
): Promise<MeshGraphNetsDataSet> {
  checkName("MeshGraphNets", name, MESH_GRAPH_NETS, split);
  const files = ["meta.json", `${split}.tfrecord`];
  const set = { home: HOMES.meshGraphNets, group: "meshgraphnets", name };
  return await openMeshGraphNets(await fetchFiles(set, files, options), split);
}

/**
 * A data set of LagrangeBench, from Zenodo or where an earlier call put it: one archive of all
 * splits, which is unpacked and removed.
 *
 * @param name Taylor-Green vortex `tgv2d` and `tgv3d`, reverse Poiseuille flow `rpf2d` and `rpf3d`,
 *   lid-driven cavity `ldc2d` and `ldc3d`, dam break `dam2d`.
 * @param split `train`, `valid` or `test`.
 * @param options A mirror (`<base>/<archive>`), the folder that keeps all of LagrangeBench's, the
 *   archive's hash.
 * @returns What {@linkcode openLagrangeBench} gives.
 * @throws {RangeError} If there is no such data set or split.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If a file is not what it was, or what its format says.
 *
 * @example
 * ```ts ignore
 * const vortex = await lagrangeBench("tgv2d", "train");
 * for await (const { position } of vortex) console.log(position.shape);
 * ```
 */
export async function lagrangeBench(
  name: LagrangeBenchName,
  split: PublishedSplit,
  options: PublishedOptions = {},
): Promise<LagrangeBenchDataSet> {
  checkName("LagrangeBench", name, Object.keys(LAGRANGE_BENCH), split);
  const archive = LAGRANGE_BENCH[name];
  const url = `${HOMES.lagrangeBench}/${archive}.zip`;
  return await openLagrangeBench(await fetchArchive(url, "lagrangebench", options), split);
}

function checkName(
  format: string,
  name: string,
  names: readonly string[],
  split: string,
): void {
  const splits: readonly string[] = SPLITS;
  if (names.includes(name) && splits.includes(split)) return;
  const [what, given, those] = names.includes(name)
    ? ["the split", split, splits]
    : ["a data set", name, names];
  throw new RangeError(
    `Cannot download ${what} ${given} of ${format} as there is none: expected one of ${
      those.join(", ")
    }`,
  );
}

/** Downloads files of a data set; gives the folder that holds them. */
async function fetchFiles(
  set: { readonly home: string; readonly group: string; readonly name: string },
  files: readonly string[],
  options: PublishedOptions,
): Promise<string> {
  const { base } = options;
  const folder = options.folder === undefined
    ? `${dataCacheFolder()}/${set.group}/${set.name}`
    : localPath(options.folder);
  const mirror = base === undefined ? {} : { base: inFolder(base, set.name) };
  for (const file of files) {
    await fetchFile(`${set.home}/${set.name}/${file}`, folder, { ...options, ...mirror });
  }
  return folder;
}
