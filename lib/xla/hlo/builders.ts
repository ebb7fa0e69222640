/** All builders, which the rest of the engine calls `hlo`. @module */
export { broadcastShape } from "./broadcast.ts";
export * from "./build.ts";
export * from "./rows.ts";
