/** Space: the topology of meshes. @module */
export * from "./mesh_topology.ts";
