/**
 * The rules that a legal graph keeps, checked between passes: a wrong rewrite fails here by name,
 * not as a wrong number or a compiler's message far away.
 *
 * @module
 */
import { topologicalOrder } from "./order.ts";
import { formatType } from "./print.ts";
import { regionsOf, resultsOf } from "./region.ts";
import type { HloNode, Op } from "./node.ts";
import { isOp, sameShape, sizeOf } from "./node.ts";

/** A graph breaks a rule of {@linkcode verify}. */
export class IllegalGraphError extends Error {
  override readonly name: string = "IllegalGraphError";
}

type Check = (node: HloNode) => string | null;

const sameTypes: Check = (n) =>
  n.inputs.every((input) => input.type === n.inputs[0]!.type) ? null : "operands of one type";

const elementwise: Check = (n) =>
  n.inputs.every((input) => sameShape(input.shape, n.shape))
    ? sameTypes(n)
    : "operands of one shape";

const alike = (a: readonly HloNode[], b: readonly HloNode[]): boolean =>
  a.length === b.length &&
  a.every((node, i) => node.type === b[i]!.type && sameShape(node.shape, b[i]!.shape));

const ARITY: { [O in Op]?: number } = {
  parameter: 0,
  value: 0,
  constant: 0,
  iota: 0,
  select: 3,
  gather: 2,
  scatter: 3,
  compare: 2,
  dot_general: 2,
  pad: 2,
  all_reduce: 1,
  process_reduce: 1,
  replica_id: 0,
};

const RULES: { [O in Op]?: (node: HloNode<O>) => string | null } = {
  select: (n) => {
    const [condition, a, b] = n.inputs as [HloNode, HloNode, HloNode];
    if (condition.type !== "i1") return "a bool condition";
    if (![condition, a, b].every((x) => sameShape(x.shape, n.shape))) {
      return "operands of one shape";
    }
    return a.type === n.type && b.type === n.type ? null : "branches of the result's type";
  },
  compare: (n) => n.type === "i1" ? elementwise(n) : "a bool result",
  reshape: (n) =>
    sizeOf(n.shape) === sizeOf(n.inputs[0]!.shape) ? null : "as many elements as its operand",
  transpose: (n) => {
    const sorted = [...n.attrs.permutation].sort((a, b) => a - b);
    if (!sorted.every((d, i) => d === i)) return "a permutation";
    const shape = n.attrs.permutation.map((d) => n.inputs[0]!.shape[d]!);
    return sameShape(shape, n.shape) ? null : "the permuted shape";
  },
  broadcast_in_dim: (n) => {
    const [x] = n.inputs as [HloNode];
    const fits = n.attrs.dims.every((to, from) =>
      x.shape[from] === 1 || x.shape[from] === n.shape[to]
    );
    return n.attrs.dims.length === x.shape.length && fits ? null : "dimensions that fit";
  },
  slice: (n) => {
    const [x] = n.inputs as [HloNode];
    const inside = n.shape.every((size, i) =>
      size === 0 ||
      n.attrs.start[i]! >= 0 && n.attrs.start[i]! + (size - 1) * n.attrs.stride[i]! < x.shape[i]!
    );
    return inside ? null : "a box inside its operand";
  },
  concatenate: (n) => {
    const d = n.attrs.dimension;
    const total = n.inputs.reduce((sum, part) => sum + part.shape[d]!, 0);
    const others = n.inputs.every((part) =>
      part.shape.every((s, i) => i === d || s === n.shape[i])
    );
    return total === n.shape[d] && others ? sameTypes(n) : "parts that add up to the result";
  },
  dot_general: (n) => {
    const [a, b] = n.inputs as [HloNode, HloNode];
    const { batch, lhsContract, rhsContract } = n.attrs;
    if (a.shape[lhsContract] !== b.shape[rhsContract]) return "equal contracted sizes";
    return sameShape(a.shape.slice(0, batch), b.shape.slice(0, batch))
      ? sameTypes(n)
      : "equal batch sizes";
  },
  convolution: (n) => {
    const [x, filter] = n.inputs as [HloNode, HloNode];
    const [features, per] = [x.shape.at(-1)!, filter.shape.at(-2)!];
    return features === per * n.attrs.groups ? sameTypes(n) : "the features of its filter";
  },
  scatter_to_maximum: sameTypes,
  reduce: (n) => {
    const kept = n.inputs[0]!.shape.filter((_, i) => !n.attrs.dims.includes(i));
    return sameShape(kept, n.shape) ? null : "the shape without the reduced dimensions";
  },
  scatter: (n) => {
    const [x, , updates] = n.inputs as [HloNode, HloNode, HloNode];
    return x.type === updates.type && sameShape(x.shape, n.shape) ? null : "updates of one type";
  },
  gather: (n) => n.inputs[1]!.type === "i32" ? null : "int32 indices",
  while: (n) => {
    const { condition, body } = n.attrs;
    const [test] = condition.outputs;
    if (test?.type !== "i1" || test.shape.length > 0) return "a condition of one bool";
    if (!alike(body.outputs, n.inputs.slice(0, body.outputs.length))) {
      return "a state that keeps type";
    }
    return alike(body.parameters, n.inputs) && alike(condition.parameters, n.inputs)
      ? null
      : "regions of its operands";
  },
  case: (n) => {
    const { branches } = n.attrs;
    if (!branches.every(({ outputs }) => alike(outputs, branches[0]!.outputs))) {
      return "branches of the same results";
    }
    return branches.every(({ parameters }) => alike(parameters, n.inputs.slice(1)))
      ? null
      : "regions of its operands";
  },
  process_reduce: elementwise,
  all_reduce: (n) => {
    const [group, ...others] = n.attrs.groups;
    const ids = n.attrs.groups.flat().sort((a, b) => a - b);
    if (!ids.every((id, i) => id === i)) return "each replica in one group";
    if (others.some(({ length }) => length !== group!.length)) return "groups of one size";
    return n.type === "i1" ? "numbers" : elementwise(n);
  },
  element: (n) => {
    const result = resultsOf(n.inputs[0]!)[n.attrs.index];
    return result && alike([result], [n]) ? null : "a result of its operand";
  },
};

const ELEMENTWISE = new Set<Op>(
  [
    "add",
    "subtract",
    "multiply",
    "divide",
    "maximum",
    "minimum",
    "power",
    "and",
    "or",
    "xor",
    "multiply_add",
  ],
);

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
    const arity = ARITY[node.op];
    const broken = arity !== undefined && !node.data && node.inputs.length !== arity
      ? `${arity} operands`
      : ELEMENTWISE.has(node.op)
      ? elementwise(node)
      : (RULES[node.op] as Check | undefined)?.(node) ?? null;
    if (!broken) continue;
    const operands = node.inputs.map((x) => formatType(x.shape, x.type)).join(", ");
    throw new IllegalGraphError(
      `Cannot compile the graph after ${stage} as ${node.op} needs ${broken}: ` +
        `(${operands}) -> ${formatType(node.shape, node.type)} ${JSON.stringify(node.attrs)}`,
    );
  }
}

/** Whether a node is a constant of one value. */
export function isConstant(node: HloNode, value: number): boolean {
  return isOp(node, "constant") && Object.is(node.attrs.value, value);
}
