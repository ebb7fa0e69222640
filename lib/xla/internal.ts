/** What `init` needs of the engine, and users do not. @module */
export { install } from "./install.ts";
