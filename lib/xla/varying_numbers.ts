/**
 * Numbers that change between programs which are otherwise equal: a learning rate that decays, the
 * place where a batch begins. As constants they would make another program each time; from the
 * second time on they are arguments.
 *
 * @module
 */
import { type ElementType, type HloNode, hostArray, isOp, makeNode } from "./hlo/mod.ts";
import { Value } from "./value.ts";

/** A graph, its numbers that change being arguments. */
export interface Lifted {
  readonly order: readonly HloNode[];
  readonly outputs: readonly HloNode[];
  /** Those arguments; the caller frees them. */
  readonly numbers: readonly HloNode[];
}

/** Kinds of graphs that are remembered. */
const MAX_KINDS = 1024;

/** The numbers of each kind of graph that was seen. */
export class VaryingNumbers {
  /** Its numbers as they first were, in order; null for those that have changed. */
  readonly #known = new Map<string, (number | null)[]>();

  /** Puts arguments in the place of the numbers that are known to change, or do so now. */
  lift(order: readonly HloNode[], outputs: readonly HloNode[]): Lifted {
    const numbers = order.flatMap(numbersOf);
    const known = this.#compare(kindOf(order), numbers);
    return known.includes(null)
      ? withArguments(order, outputs, known)
      : { order, outputs, numbers: [] };
  }

  #compare(kind: string, numbers: readonly number[]): readonly (number | null)[] {
    const known = this.#known.get(kind);
    if (known?.length === numbers.length) {
      numbers.forEach((number, i) => {
        if (!Object.is(known[i], number)) known[i] = null;
      });
      return known;
    }
    if (this.#known.size >= MAX_KINDS) this.#known.clear();
    this.#known.set(kind, [...numbers]);
    return numbers;
  }
}

/**
 * A text in which two graphs agree when only numbers tell them apart. Others may agree in it too:
 * the worst that comes of it is an argument that could have been a constant.
 */
function kindOf(order: readonly HloNode[]): string {
  return order.map(({ op, type, shape }) => `${op} ${type} ${shape}`).join();
}

/** The numbers of a node that can be arguments. */
function numbersOf(node: HloNode): readonly number[] {
  if (isOp(node, "constant")) return [node.attrs.value];
  return isOp(node, "slice") && node.attrs.stride.every((s) => s === 1) ? node.attrs.start : [];
}

function withArguments(
  order: readonly HloNode[],
  outputs: readonly HloNode[],
  known: readonly (number | null)[],
): Lifted {
  const numbers: HloNode[] = [];
  const moved = new Map<HloNode, HloNode>();
  const argument = (value: number, type: ElementType): HloNode => {
    const node = makeNode("value", [], [], type, null);
    node.data = new Value({ host: hostArray(type, 1).fill(value) });
    numbers.push(node);
    return node;
  };
  let place = 0;
  for (const node of order) {
    const inputs = node.inputs.map((input) => moved.get(input) ?? input);
    const { length } = numbersOf(node);
    const varies = known.slice(place, place += length).includes(null);
    moved.set(node, varies ? lifted(node, inputs, argument) : rebuilt(node, inputs));
  }
  return {
    order: [...moved.values()].filter(({ data }) => !data),
    outputs: outputs.map((output) => moved.get(output)!),
    numbers,
  };
}

/** A node with its numbers as arguments. */
function lifted(
  node: HloNode,
  inputs: readonly HloNode[],
  argument: (value: number, type: ElementType) => HloNode,
): HloNode {
  const { shape, type } = node;
  if (isOp(node, "constant")) {
    const scalar = argument(node.attrs.value, type);
    if (shape.length === 0) return scalar;
    return makeNode("broadcast_in_dim", [scalar], shape, type, { dims: [] });
  }
  const starts = numbersOf(node).map((start) => argument(start, "i32"));
  return makeNode("dynamic_slice", [...inputs, ...starts], shape, type, null);
}

function rebuilt(node: HloNode, inputs: readonly HloNode[]): HloNode {
  if (inputs.every((input, i) => input === node.inputs[i])) return node;
  return makeNode(node.op, inputs, node.shape, node.type, node.attrs);
}
