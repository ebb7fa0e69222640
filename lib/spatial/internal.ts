/** What other folders need of meshes, and users do not. @module */
export { cellsToEdges, CORNERS } from "./mesh_topology.ts";
