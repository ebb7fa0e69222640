/** Space: the topology of meshes. @module */
export {
  type Cells,
  cellsToEdges,
  type CellsToEdgesOptions,
  type CellType,
  type MeshEdges,
} from "./mesh_topology.ts";
