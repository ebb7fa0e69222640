/** What other folders need of segments and users do not get. @module */
export { toTensor } from "./to_tensor.ts";
