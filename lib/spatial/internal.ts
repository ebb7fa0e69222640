/** What other folders need of meshes, and users do not. @module */
export { type Cells, cellsToEdges, CORNERS } from "./mesh_topology.ts";
