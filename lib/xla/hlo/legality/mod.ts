/**
 * The rule of each operation that makes it legal. An operation without one does not pass
 * the type checker.
 *
 * @module
 */
import type { Op } from "../node.ts";
import { ARRANGEMENT } from "./arrangement.ts";
import { CONTRACTION } from "./contraction.ts";
import { CONTROL } from "./control.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { INDEXING } from "./indexing.ts";
import type { Rule } from "./rule.ts";
import { VALUES } from "./values.ts";

export type { Rule } from "./rule.ts";

/** The rule of each operation. */
export const RULES: { readonly [O in Op]: Rule<O> } = {
  ...VALUES,
  ...ELEMENTWISE,
  ...ARRANGEMENT,
  ...CONTRACTION,
  ...INDEXING,
  ...CONTROL,
};
