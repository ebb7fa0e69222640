/** The installation of the engine, for `init`, not for users. @module */
export { install } from "./install.ts";
