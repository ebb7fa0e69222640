/**
 * Data sets of physics and meshes as plain data: arrays are a shape and a typed array, tensors are
 * made when the user asks for them.
 *
 * @module
 */
export type { ArrayData } from "../lib/base/mod.ts";
export type { DataArray, DType, TypedArray } from "./array.ts";
export {
  download,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadSource,
} from "./cache.ts";
export { type Citations, citations, type CitationsName, openCitations } from "./citations.ts";
export { computeStats, type Stats } from "./compute_stats.ts";
export type { DataSet } from "./data_set.ts";
export { type Elections, elections, type ElectionsOptions } from "./elections.ts";
export { DataNotFoundError } from "./errors.ts";
export type { PublishedOptions } from "./fetch_archive.ts";
export * from "./formats/mod.ts";
export {
  HIGGS_MASS,
  type HiggsEvents,
  higgsPhotons,
  type HiggsPhotonsOptions,
} from "./higgs_photons.ts";
export {
  type LifeBoards,
  lifeBoards,
  type LifeBoardsOptions,
  type LifeGrid,
  lifeGrid,
  nextGeneration,
} from "./game_of_life.ts";
export { type GridWorlds, gridWorlds, type GridWorldsOptions } from "./grid_world.ts";
export { type Hdf5File, openHdf5 } from "./hdf5.ts";
export { type KarateClub, karateClub } from "./karate_club.ts";
export { type LagrangeBenchDataSet, openLagrangeBench } from "./lagrange_bench.ts";
export type { LagrangeBenchMetadata } from "./lagrange_bench_metadata.ts";
export {
  type LearningToSimulateDataSet,
  openLearningToSimulate,
  type ParticleTrajectory,
} from "./learning_to_simulate.ts";
export type { LearningToSimulateMetadata } from "./learning_to_simulate_metadata.ts";
export {
  type MeshGraphNetsDataSet,
  type MeshTrajectory,
  openMeshGraphNets,
} from "./mesh_graph_nets.ts";
export type { FieldSpec, FieldType, MeshGraphNetsMetadata } from "./mesh_graph_nets_metadata.ts";
export {
  type LabelledGraph,
  type OgbGraphs,
  openOgbGraphs,
  type OpenOgbGraphsOptions,
} from "./ogb_graphs.ts";
export { type OgbNodes, openOgbNodes, type OpenOgbNodesOptions } from "./ogb_nodes.ts";
export {
  ogbGraphPropPred,
  type OgbGraphsName,
  ogbNodePropPred,
  type OgbNodesName,
} from "./ogb_published.ts";
export type { Splits } from "./ogb_tables.ts";
export { randomMesh, type RandomMeshOptions } from "./random_mesh.ts";
export { rolloutMeshes, type RolloutToWrite } from "./rollout_meshes.ts";
export { qm9, type Qm9Molecule } from "./qm9.ts";
export { readMat } from "./read_mat.ts";
export { readCsv, type ReadCsvOptions } from "./read_csv.ts";
export { readEdgeList, readNodeLink, readSdf, readXyz } from "./read_graph.ts";
export { type LesMiserables, lesMiserables } from "./les_miserables.ts";
export { openTuDataset, tuDataset, type TuGraph } from "./tu_dataset.ts";
export { type MeshFormat, readMesh, type ReadMeshOptions } from "./read_mesh.ts";
export { type MeshGraph, meshToGraph, type MeshToGraphOptions } from "./mesh_to_graph.ts";
export { writeVtk, writeVtkSeries, type WriteVtkSeriesOptions } from "./write_vtk.ts";
export * from "./samples/mod.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export { readNpy, readNpz, writeNpy, writeNpz } from "./npz.ts";
export {
  type Attraction,
  type BodiesTrajectory,
  simulateBodies,
  type SimulateBodiesOptions,
} from "./n_body.ts";
export { type PowerLawEdges, powerLawEdges, type PowerLawEdgesOptions } from "./power_law_graph.ts";
export {
  lagrangeBench,
  type LagrangeBenchName,
  learningToSimulate,
  type LearningToSimulateName,
  meshGraphNets,
  type MeshGraphNetsName,
  type PublishedSplit,
} from "./published.ts";
export { type Fractions, type Items, prefetch, randomSplits, shuffle } from "./iterate.ts";
export { type ParticleWindow, windows, type WindowsOptions } from "./windows.ts";
export { readTfRecords, writeTfRecords } from "./tf_records.ts";
export { twoSat, type TwoSatOptions, type TwoSatProblems } from "./two_sat.ts";
export {
  writeLearningToSimulate,
  type WriteLearningToSimulateOptions,
} from "./write_learning_to_simulate.ts";
export { writeMeshGraphNets, type WriteMeshGraphNetsOptions } from "./write_mesh_graph_nets.ts";
export { writeOgbGraphs } from "./write_ogb_graphs.ts";
