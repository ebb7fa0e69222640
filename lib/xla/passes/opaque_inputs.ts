/**
 * Hides from passes what inputs were computed by.
 *
 * A function that is compiled may use values computed outside of it. Their nodes still tell the
 * operation, and while they are pending its inputs too; rules that match on either would do the
 * work again, or stumble over inputs that are gone.
 *
 * @module
 */
import { type HloNode, makeNode, parameterLike, topologicalOrder } from "../hlo/mod.ts";
import type { IsInput } from "./rewrite.ts";

/** The same graph, with other inputs. */
function withInputs(
  outputs: readonly HloNode[],
  isInput: IsInput,
  other: (input: HloNode) => HloNode,
): HloNode[] {
  const moved = new Map<HloNode, HloNode>();
  const move = (node: HloNode): HloNode => {
    const known = moved.get(node);
    if (known) return known;
    const inputs = isInput(node) ? [] : node.inputs.map(move);
    const unchanged = inputs.every((input, i) => input === node.inputs[i]);
    const result = isInput(node)
      ? other(node)
      : unchanged
      ? node
      : makeNode(node.op, inputs, node.shape, node.type, node.attrs);
    moved.set(node, result);
    return result;
  };
  for (const node of topologicalOrder(outputs, isInput)) move(node);
  return outputs.map(move);
}

/** Changes a graph by `change`, which sees a parameter in place of each input. */
export function withOpaqueInputs(
  outputs: readonly HloNode[],
  isInput: IsInput,
  change: (outputs: readonly HloNode[], isInput: IsInput) => HloNode[],
): HloNode[] {
  const inputs = new Map<HloNode, HloNode>();
  const hidden = withInputs(outputs, isInput, (input) => {
    const parameter = parameterLike(input);
    inputs.set(parameter, input);
    return parameter;
  });
  const isParameter: IsInput = (node) => node.op === "parameter";
  return withInputs(change(hidden, isParameter), isParameter, (node) => inputs.get(node)!);
}
