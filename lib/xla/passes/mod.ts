/**
 * The passes between tracing and compiling, in order. Each can be switched off.
 *
 * @module
 */
import { type HloNode, topologicalOrder, verify } from "../hlo/mod.ts";
import { concatMatmul } from "./concat_matmul.ts";
import { matmulBeforeGather } from "./matmul_before_gather.ts";
import { narrowEdgeRows } from "./narrow_rows.ts";
import { withOpaqueInputs } from "./opaque_inputs.ts";
import { type IsInput, rewrite, type Rule } from "./rewrite.ts";
import { simplify } from "./simplify.ts";
import { sumByBlocks } from "./sum_by_blocks.ts";

/** The passes by name; sharing equal nodes and dropping dead ones comes with each. */
const PASSES: Readonly<Record<string, Rule>> = {
  simplify,
  concatMatmul,
  matmulBeforeGather,
  narrowEdgeRows,
  sumByBlocks,
};

/** Passes of use on one platform only: others do many edges at once. */
const ONLY_ON: Readonly<Record<string, string>> = { sumByBlocks: "cpu" };

const disabled = new Set<string>();

/** The names of all passes, in the order they run. */
export const passNames: readonly string[] = Object.keys(PASSES);

/**
 * Switches a pass on or off for programs traced from now on.
 *
 * @throws {RangeError} If there is no such pass; the names are listed.
 */
export function setPass(name: string, on: boolean): void {
  if (!(name in PASSES)) {
    throw new RangeError(
      `Cannot switch a pass as there is none of that name: ${name} (one of ${
        passNames.join(", ")
      })`,
    );
  }
  if (on) disabled.delete(name);
  else disabled.add(name);
}

/** Runs the passes that are on and of use on a platform; the graph is verified after each. */
export function optimize(
  outputs: readonly HloNode[],
  isInput: IsInput,
  platform: string,
): HloNode[] {
  return withOpaqueInputs(outputs, isInput, (outputs, isInput) => {
    let current = [...outputs];
    for (const name of passNames) {
      if (disabled.has(name) || (ONLY_ON[name] ?? platform) !== platform) continue;
      current = rewrite(current, isInput, PASSES[name]!);
      verify(topologicalOrder(current, isInput), name);
    }
    return current;
  });
}
