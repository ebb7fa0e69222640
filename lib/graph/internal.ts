/** Functions of graphs for other folders, not for users. @module */
export { checkGraph } from "./check_graph.ts";
export { readField } from "./read_field.ts";
export { nullFeatures } from "./null_features.ts";
export { validateGraphsTuple } from "./validate.ts";
