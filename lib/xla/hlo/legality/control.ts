/** Rules of legality: operations with regions, and those of several replicas. @module */
import { type HloNode, sameShape } from "../node.ts";
import { resultsOf } from "../region.ts";
import { firstOf, keepsBoth, rule, unless } from "./rule.ts";

/** That nodes are of the same shapes and types. */
const alike = (a: readonly HloNode[], b: readonly HloNode[]): boolean =>
  a.length === b.length &&
  a.every((node, i) => node.type === b[i]!.type && sameShape(node.shape, b[i]!.shape));

/** That groups are of replicas, each in one, and that what they combine are numbers. */
const collective = (n: HloNode<"all_reduce"> | HloNode<"process_reduce">): string | null =>
  firstOf(keepsBoth(n), unless(n.type !== "i1", "numbers"));

/** Operations with regions, and those that several replicas do together. */
export const CONTROL = {
  while: rule<"while">("any", (n) => {
    const { condition, body } = n.attrs;
    const [test] = condition.outputs;
    return firstOf(
      unless(test?.type === "i1" && test.shape.length === 0, "a condition of one bool"),
      unless(
        alike(body.outputs, n.inputs.slice(0, body.outputs.length)),
        "a state that keeps type",
      ),
      unless(
        alike(body.parameters, n.inputs) && alike(condition.parameters, n.inputs),
        "regions of its operands",
      ),
    );
  }),
  case: rule<"case">("any", (n) => {
    const { branches } = n.attrs;
    const [index, ...operands] = n.inputs;
    return firstOf(
      unless(
        branches.every(({ outputs }) => alike(outputs, branches[0]!.outputs)),
        "branches of the same results",
      ),
      unless(
        branches.every(({ parameters }) => alike(parameters, operands)),
        "regions of its operands",
      ),
      unless(index?.type === "i32" && index.shape.length === 0, "an int32 scalar to choose by"),
    );
  }),
  after: rule<"after">(
    "any",
    (n) => firstOf(unless(n.inputs.length > 1, "something to come after"), keepsBoth(n)),
  ),
  element: rule<"element">(1, (n) => {
    const result = resultsOf(n.inputs[0]!)[n.attrs.index];
    return unless(result !== undefined && alike([result], [n]), "a result of its operand");
  }),
  all_reduce: rule<"all_reduce">(1, (n) => {
    const [group, ...others] = n.attrs.groups;
    const ids = n.attrs.groups.flat().sort((a, b) => a - b);
    return firstOf(
      unless(ids.every((id, i) => id === i), "each replica in one group"),
      unless(others.every(({ length }) => length === group!.length), "groups of one size"),
      collective(n),
    );
  }),
  process_reduce: rule<"process_reduce">(1, collective),
};
