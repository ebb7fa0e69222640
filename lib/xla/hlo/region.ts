/**
 * Loops and branches: nodes with regions, which are functions inside the graph.
 *
 * A region is closed. What its function read from around it became parameters when it was made
 * (closure conversion), so that whoever rewrites or orders the graph around it need not look
 * inside.
 *
 * @module
 */
import { type Attrs, type HloNode, isOp, makeNode, type Op, type Region } from "./node.ts";
import { topologicalOrder } from "./order.ts";

const NONE: readonly Region[] = [];

/** The regions of a node; most have none. */
export function regionsOf(node: HloNode): readonly Region[] {
  if (isOp(node, "while")) return [node.attrs.condition, node.attrs.body];
  return isOp(node, "case") ? node.attrs.branches : NONE;
}

/** A node's attributes with its regions replaced; the same object if it has none. */
export function mapRegions(node: HloNode, change: (region: Region) => Region): Attrs[Op] {
  if (isOp(node, "while")) {
    return { condition: change(node.attrs.condition), body: change(node.attrs.body) };
  }
  return isOp(node, "case") ? { branches: node.attrs.branches.map(change) } : node.attrs;
}

/** The nodes inside a `while` or `case` that have the types of its results. */
export function resultsOf(node: HloNode): readonly HloNode[] {
  if (isOp(node, "while")) return node.attrs.body.outputs;
  return isOp(node, "case") ? node.attrs.branches[0]!.outputs : [node];
}

/** An unknown value of a node's type, for a region to take. */
export function parameterLike({ shape, type }: Pick<HloNode, "shape" | "type">): HloNode {
  return makeNode("parameter", [], shape, type, { trace: NONE });
}

/** Regions that were closed together, and what they take besides their own parameters. */
export interface Closed {
  readonly regions: readonly Region[];
  readonly captured: readonly HloNode[];
}

/**
 * Closes functions of nodes: what any of them reads that was there before them becomes a further
 * parameter, in the same place of all.
 *
 * @param open Each function's own parameters, and its outputs.
 * @param firstId Nodes of this id and later were recorded by the functions.
 */
export function closeRegions(open: readonly Region[], firstId: number): Closed {
  const captured = new Set<HloNode>();
  for (const { parameters, outputs } of open) {
    const own = new Set(parameters);
    const isOutside = (node: HloNode): boolean => {
      if (own.has(node)) return true;
      const outside = !isOp(node, "constant") &&
        (node.id < firstId || node.data !== null || node.op === "parameter");
      if (outside) captured.add(node);
      return outside;
    };
    topologicalOrder(outputs, isOutside);
  }
  const list = [...captured];
  return { regions: open.map((region) => close(region, list)), captured: list };
}

/** Copies a region, because the nodes that were recorded may be computed or freed later. */
function close({ parameters, outputs }: Region, captured: readonly HloNode[]): Region {
  const further = captured.map(parameterLike);
  const inside = new Map<HloNode, HloNode>(parameters.map((node) => [node, node]));
  captured.forEach((node, i) => inside.set(node, further[i]!));
  for (const node of topologicalOrder(outputs, (node) => inside.has(node))) {
    const inputs = node.inputs.map((input) => inside.get(input)!);
    const copy = isOp(node, "constant")
      ? node
      : makeNode(node.op, inputs, node.shape, node.type, node.attrs);
    inside.set(node, copy);
  }
  return {
    parameters: [...parameters, ...further],
    outputs: outputs.map((node) => inside.get(node)!),
  };
}

/** The results of a loop: runs `body` on the state as long as `condition` holds. */
export function whileNode(
  init: readonly HloNode[],
  condition: Region,
  body: Region,
  firstId: number,
): HloNode[] {
  const { regions: [closedCondition, closedBody], captured } = closeRegions(
    [condition, body],
    firstId,
  );
  const attrs = { condition: closedCondition!, body: closedBody! };
  return elements(makeNode("while", [...init, ...captured], [], "i32", attrs));
}

/** The results of the branch that `index` (an int32 scalar) numbers. */
export function caseNode(index: HloNode, branches: readonly Region[], firstId: number): HloNode[] {
  const { regions, captured } = closeRegions(branches, firstId);
  return elements(makeNode("case", [index, ...captured], [], "i32", { branches: regions }));
}

function elements(node: HloNode): HloNode[] {
  return resultsOf(node).map(({ shape, type }, index) =>
    makeNode("element", [node], shape, type, { index })
  );
}
