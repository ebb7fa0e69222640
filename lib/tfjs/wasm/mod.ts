/** Repairs tfjs's wasm backend. @module */
import { runOnHostWhereNeeded } from "./host.ts";
import { repairValues } from "./values.ts";

/** Repairs the wasm backend, which must be registered; further calls do nothing. */
export function repairWasm(): void {
  repairValues();
  runOnHostWhereNeeded();
}
