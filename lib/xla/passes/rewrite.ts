/**
 * Rebuilds a graph bottom up, sharing equal nodes: what every pass is made of.
 *
 * @module
 */
import {
  type HloNode,
  isOp,
  makeNode,
  mapRegions,
  regionsOf,
  topologicalOrder,
} from "../hlo/mod.ts";

/** Gives a node to put in place of one whose inputs have been rewritten, or null to keep it. */
export type Rule = (node: HloNode) => HloNode | null;

/** Whether a node is an input of the program, which no pass may look into. */
export type IsInput = (node: HloNode) => boolean;

/** Only a constant's attribute is a float: JSON would write NaN and infinities alike. */
const formatNumber = (x: number): string => Object.is(x, -0) ? "-0" : String(x);
const formatAttrs = ({ attrs }: HloNode): string => attrs === null ? "" : JSON.stringify(attrs);

/** What two nodes must agree in to compute the same thing. */
function keyOf(node: HloNode): string {
  // Whether two loops are equal is not worth finding out.
  if (regionsOf(node).length > 0) return `#${node.id}`;
  const attrs = isOp(node, "constant") ? formatNumber(node.attrs.value) : formatAttrs(node);
  return `${node.op}|${node.type}|${node.shape}|${attrs}|${node.inputs.map((x) => x.id)}`;
}

/**
 * Rewrites the graph that `outputs` need: each node, inputs first, through `rule`; equal nodes
 * become one. What a rule builds goes through the rule too, so a rule must make progress. Regions
 * are graphs of their own, and are rewritten with the node that has them.
 */
export function rewrite(outputs: readonly HloNode[], isInput: IsInput, rule: Rule): HloNode[] {
  const interned = new Map<string, HloNode>();
  const done = new Map<HloNode, HloNode>();
  const intern = (node: HloNode): HloNode => {
    const key = keyOf(node);
    const known = interned.get(key);
    if (!known) interned.set(key, node);
    return known ?? node;
  };
  // Recursion ends at nodes that are done, so it is no deeper than what one rule builds.
  const visit = (node: HloNode): HloNode => {
    const known = done.get(node);
    if (known) return known;
    if (isInput(node)) return node;
    const inputs = node.inputs.map(visit);
    const attrs = mapRegions(node, ({ parameters, outputs }) => {
      const isParameter: IsInput = (inner) => inner.op === "parameter";
      return { parameters, outputs: rewrite(outputs, isParameter, rule) };
    });
    const unchanged = attrs === node.attrs &&
      inputs.every((input, i) => input === node.inputs[i]);
    const moved = intern(
      unchanged ? node : makeNode(node.op, inputs, node.shape, node.type, attrs),
    );
    const replacement = done.get(moved) ? null : rule(moved);
    const result = replacement ? visit(replacement) : done.get(moved) ?? moved;
    done.set(node, result);
    done.set(moved, result);
    return result;
  };
  for (const node of topologicalOrder(outputs, isInput)) visit(node);
  return outputs.map(visit);
}
