/**
 * Checks between passes that a graph is legal: a wrong rewrite fails here by name, not as a wrong
 * number or a compiler's message far away.
 *
 * @module
 */
import { formatType } from "./format_type.ts";
import { type Rule, RULES } from "./legality/mod.ts";
import type { HloNode, Op } from "./node.ts";
import { topologicalOrder } from "./order.ts";
import { regionsOf } from "./region.ts";

/** A graph breaks a rule of {@linkcode verify}. */
export class IllegalGraphError extends Error {
  override readonly name: string = "IllegalGraphError";
}

/**
 * Checks every node of a graph.
 *
 * @param nodes The nodes, inputs before what reads them.
 * @param stage What made the graph, for the message.
 * @throws {IllegalGraphError} Naming the node, the rule and the operands' types.
 */
export function verify(nodes: readonly HloNode[], stage: string): void {
  for (const node of nodes) {
    for (const { outputs } of regionsOf(node)) {
      verify(topologicalOrder(outputs, (inner) => inner.op === "parameter"), stage);
    }
    const need = needOf(node);
    if (need === null) continue;
    const operands = node.inputs.map((x) => formatType(x.shape, x.type)).join(", ");
    throw new IllegalGraphError(
      `Cannot compile the graph after ${stage} as ${node.op} needs ${need}: ` +
        `(${operands}) -> ${formatType(node.shape, node.type)} ${JSON.stringify(node.attrs)}`,
    );
  }
}

/** The need of a node that is not met; null for a legal one, and for one whose value is there. */
function needOf(node: HloNode): string | null {
  if (node.data) return null;
  const { arity, check } = RULES[node.op] as Rule<Op>;
  if (arity !== "any" && node.inputs.length !== arity) return `${arity} operands`;
  return check(node);
}
