/** Whether rows of several graphs can follow one another. @module */
import { describe, type Tensor } from "../tree/mod.ts";

/** Fails if leaves of several graphs differ in more than their number of rows. */
export function checkJoinable(leaves: readonly Tensor[], path: string): void {
  const row = (leaf: Tensor): string => `${leaf.dtype} ${leaf.shape.slice(1)}`;
  const odd = leaves.findIndex((leaf) => leaf.rank === 0 || row(leaf) !== row(leaves[0]!));
  if (odd < 0) return;
  throw new TypeError(
    `Cannot batch graphs as their rows must have one shape and dtype: ${path} is ` +
      `${describe(leaves[0])} in graph 0, ${describe(leaves[odd])} in graph ${odd}`,
  );
}
