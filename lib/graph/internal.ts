/** What other folders need of graphs, and users do not. @module */
export { checkGraph, readField } from "./host.ts";
export { nullFeatures } from "./null_features.ts";
export { validateGraphsTuple } from "./validate.ts";
