/**
 * Programs of several processes: which collectives leave this one, and where a program is cut so
 * that they can.
 *
 * Replicas are numbered through all processes, as many in each. A collective whose groups stay
 * inside processes is part of the compiled program. Of one whose groups do not, the program does
 * what its own replicas can, and ends; the processes combine the results; and the next segment goes
 * on from there.
 *
 * @module
 */
import type { Communicator } from "../engine/mod.ts";
import { hlo, type HloNode, isOp, makeNode, regionsOf, topologicalOrder } from "./hlo/mod.ts";
import { type IsInput, rewrite } from "./passes/rewrite.ts";

type Groups = readonly (readonly number[])[];

/**
 * Rewrites collectives over all processes as what the replicas of this one do of them.
 *
 * @throws {TypeError} If one that leaves this process is inside a loop, or reaches other processes
 *   from one replica than from another.
 */
export function ofThisProcess(
  outputs: readonly HloNode[],
  isInput: IsInput,
  { rank, size }: Pick<Communicator, "rank" | "size">,
  devices: number,
): HloNode[] {
  const processOf = (replica: number): number => Math.floor(replica / devices);
  const own = rewrite(outputs, isInput, (node) => {
    // What was made here numbers the replicas of this process alone.
    if (!isOp(node, "all_reduce") || node.attrs.groups.flat().length !== size * devices) {
      return null;
    }
    const { combine, groups } = node.attrs;
    const touched = groups.filter((group) => group.some((id) => processOf(id) === rank));
    const local = touched.map((group) =>
      group.filter((id) => processOf(id) === rank).map((id) => id - rank * devices)
    );
    const [x] = node.inputs as [HloNode];
    const inside = local[0]!.length > 1 ? hlo.allReduce(x, combine, local) : x;
    const processes = processesOf(touched, processOf);
    if (processes.length === 1) return inside;
    const attrs = { combine, groups: local, processes };
    return makeNode("process_reduce", [inside], x.shape, x.type, attrs);
  });
  refuseInRegions(topologicalOrder(own, isInput));
  return own;
}

/** The processes that share a collective with this one: the same for all of its groups. */
function processesOf(groups: Groups, processOf: (replica: number) => number): number[] {
  const sets = groups.map((group) => [...new Set(group.map(processOf))]);
  const [first] = sets as [number[]];
  if (sets.every((set) => String(set) === String(first))) return first;
  throw new TypeError(
    `Cannot run a collective over processes as the groups of one process reach different ones: ` +
      `${sets.map((set) => `[${set.join(", ")}]`).join(" and ")} (order the axes so that each ` +
      `process has whole rows of the later ones)`,
  );
}

/** A part of a program that runs in one go. */
export interface Segment {
  /** Arguments of the whole program, results of earlier segments, and what processes combined. */
  readonly inputs: readonly HloNode[];
  /** The nodes that it computes, in order. */
  readonly order: readonly HloNode[];
  /** Results that are used outside of it. */
  readonly outputs: readonly HloNode[];
  /**
   * The values that the processes combine after it; the last outputs, as many, are each one's
   * share.
   */
  readonly reduces: readonly HloNode<"process_reduce">[];
}

/** A graph that was cut. */
export interface Cut {
  readonly segments: readonly Segment[];
  /** The results, each a node that a segment computes. */
  readonly outputs: readonly HloNode[];
}

/** Cuts a graph where processes combine what they have. */
export function cut(results: readonly HloNode[], isInput: IsInput): Cut {
  // What is passed through becomes a value of the devices, as all results are.
  const outputs = results.map((node) =>
    isInput(node) ? hlo.unary("optimization_barrier", node) : node
  );
  const order = topologicalOrder(outputs, isInput);
  const levels = new Map<HloNode, number>();
  const levelOf = (node: HloNode): number => levels.get(node) ?? 0;
  for (const node of order) {
    const level = Math.max(0, ...node.inputs.map(levelOf));
    levels.set(node, isOp(node, "process_reduce") ? level + 1 : level);
  }
  const last = Math.max(0, ...levels.values());
  const graph = { order, results: outputs, levels, light: lightNodes(order, isInput) };
  const segments = Array.from({ length: last + 1 }, (_, level) => segmentOf(level, graph));
  // After the last combination there may be nothing left to compute.
  return { segments: segments.filter(({ outputs }) => outputs.length > 0), outputs };
}

/** These only place what they have: a compiler fuses them into what reads them. */
const PLACING = new Set(["constant", "iota", "reshape", "broadcast_in_dim"]);

/** These too cost less than keeping their results, if they are of what is there anyway. */
const TESTS = new Set(["compare", "and", "or", "not"]);

/**
 * Nodes that each segment computes for itself rather than keep the memory of their results: a mask
 * of all edges, as wide as their features, is as large as what it masks.
 */
function lightNodes(order: readonly HloNode[], isInput: IsInput): Set<HloNode> {
  const light = new Set<HloNode>();
  /** Those of them that need nothing but arguments. */
  const given = new Set<HloNode>();
  for (const node of order) {
    const isGiven = node.inputs.every((input) => isInput(input) || given.has(input));
    if (!PLACING.has(node.op) && !(TESTS.has(node.op) && isGiven)) continue;
    light.add(node);
    if (isGiven) given.add(node);
  }
  return light;
}

/** A graph that is being cut. */
interface Levels {
  readonly order: readonly HloNode[];
  readonly results: readonly HloNode[];
  /** How many combinations are before a node. */
  readonly levels: ReadonlyMap<HloNode, number>;
  readonly light: ReadonlySet<HloNode>;
}

function segmentOf(level: number, { order, results, levels, light }: Levels): Segment {
  const isReduce = (node: HloNode): node is HloNode<"process_reduce"> =>
    isOp(node, "process_reduce");
  const isOwn = (node: HloNode): boolean => levels.get(node) === level && !isReduce(node);
  const reduces = order.filter(isReduce).filter((node) => levels.get(node) === level + 1);
  /** What is kept of earlier segments so that later ones can compute a node. */
  const kept = (node: HloNode): readonly HloNode[] =>
    light.has(node) ? node.inputs.flatMap(kept) : [node];
  const ends = new Set([...results, ...order.filter(isReduce).map(({ inputs: [x] }) => x!)]);
  const used = new Set<HloNode>(results.filter(isOwn));
  for (const node of order) {
    const isLater = levels.get(node)! > level && !isReduce(node);
    if (!isLater || light.has(node) && !ends.has(node)) continue;
    node.inputs.flatMap(kept).filter(isOwn).forEach((input) => used.add(input));
  }
  // Each of those that the processes write over has a buffer of its own.
  const outputs = [...used, ...reduces.map((node) => node.inputs[0]!)];
  const isOutside = (node: HloNode): boolean => !isOwn(node) && !light.has(node);
  const own = topologicalOrder(outputs, isOutside);
  const inputs = new Set<HloNode>();
  for (const node of own) node.inputs.filter(isOutside).forEach((input) => inputs.add(input));
  outputs.filter(isOutside).forEach((output) => inputs.add(output));
  return { inputs: [...inputs], order: own, outputs, reduces };
}

function refuseInRegions(order: readonly HloNode[]): void {
  for (const node of order) {
    for (const { outputs } of regionsOf(node)) {
      const inside = topologicalOrder(outputs, (inner) => inner.op === "parameter");
      if (!inside.some((inner) => isOp(inner, "process_reduce"))) {
        refuseInRegions(inside);
        continue;
      }
      throw new TypeError(
        "Cannot run a collective over processes inside scan as the compiled loop would have to " +
          "stop at each step for the other processes (write the loop on the host, around a pmap " +
          "of one step, or let the axis of the collective lie inside a process)",
      );
    }
  }
}
