/** The order in which nodes are computed. @module */
import type { HloNode } from "./node.ts";

/** The nodes that `outputs` need, inputs first, without the arguments. */
export function topologicalOrder(
  outputs: readonly HloNode[],
  isArgument: (node: HloNode) => boolean,
): HloNode[] {
  const order: HloNode[] = [];
  const seen = new Set<HloNode>();
  for (const output of outputs) {
    const stack: [node: HloNode, next: number][] = [[output, 0]];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const [node, next] = top;
      if (next === 0 && seen.has(node) || isArgument(node)) {
        stack.pop();
      } else if (next < node.inputs.length) {
        seen.add(node);
        top[1]++;
        const input = node.inputs[next]!;
        if (!seen.has(input) && !isArgument(input)) stack.push([input, 0]);
      } else {
        seen.add(node);
        order.push(node);
        stack.pop();
      }
    }
  }
  return order;
}
