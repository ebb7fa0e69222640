/** What other folders need of meshes, and users do not. @module */
export { CORNERS } from "./mesh_topology.ts";
