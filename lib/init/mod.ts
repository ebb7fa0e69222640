/** Starts an engine. @module */
export * from "./init.ts";
