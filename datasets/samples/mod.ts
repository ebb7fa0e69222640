/** The small data sets that come with the package. @module */
export * from "./samples.ts";
