/** Space: what is near what, and the topology of meshes. @module */
export * from "./barycentric_transfer.ts";
export {
  type Cells,
  cellsToEdges,
  type CellsToEdgesOptions,
  type CellType,
  type MeshEdges,
} from "./mesh_topology.ts";
export { nearestNeighbors } from "./nearest_neighbors.ts";
export * from "./neighbor_list.ts";
export type { Box } from "./points.ts";
export { type NeighborEdges, type NeighborOptions, radiusGraph } from "./radius_graph.ts";
export * from "./world_edge_list.ts";
export { worldEdges } from "./world_edges.ts";
