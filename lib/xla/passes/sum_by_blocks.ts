/**
 * Sums gathered rows block by block, so that the rows of all edges are never written to memory.
 *
 * `segmentSum(x[senders] * w, receivers)` has a result for each node, but on the way a row for each
 * edge: for a million edges of 64 features 256 MB, which cost more to write and read, and to get
 * from the system, than to compute. Here a loop takes some thousand edges at a time, whose rows
 * stay in a core's cache, and adds them to the result. Each segment adds its rows in the order that
 * it did, so results are the same bit for bit. It is fastest where receivers ascend.
 *
 * Applies to sums, maxima and minima of float rows that gathers and cheap arithmetic with numbers
 * of edges make, or that are all the same, where the rows are many (`LEAST`).
 *
 * @module
 */
import {
  currentId,
  hlo,
  type HloNode,
  isOp,
  makeNode,
  type Op,
  parameterLike,
  sizeOf,
  whileNode,
} from "../hlo/mod.ts";
import { idsOf, takenRows, takeRows } from "./matrix.ts";

/** Elements of a block: 2 MB, what a core's cache holds. */
const BLOCK = 2 ** 19;

/** Fewer elements than this stay in the caches anyway. */
const LEAST = 2 ** 20;

/** Arithmetic that costs less than reading its result from memory. */
const CHEAP: ReadonlySet<Op> = new Set<Op>(
  ["add", "subtract", "multiply", "negate", "maximum", "minimum", "select"],
);

/** Operations one after another on the way from a gather to the sum. */
const DEPTH = 4;

/** What is cut into blocks of edges. */
interface Block {
  /** The edges of all blocks, and of one. */
  readonly edges: number;
  readonly size: number;
  /** The first edge, an int32 scalar. */
  readonly start: HloNode;
}

/** What masks of edges are made of: each block makes its own. */
const OF_MASKS: ReadonlySet<Op> = new Set<Op>(["and", "or", "not", "compare"]);

/** The rows of a block of `x [E, ...]`; where the end would be passed, the last ones. */
function rowsOf(x: HloNode, block: Block): HloNode {
  const { start, size } = block;
  const shape = [size, ...x.shape.slice(1)];
  if (isOp(x, "constant")) return hlo.constant(x.attrs.value, shape, x.type);
  if (OF_MASKS.has(x.op)) {
    return makeNode(x.op, x.inputs.map((input) => rowsOf(input, block)), shape, x.type, x.attrs);
  }
  const zeros = x.shape.slice(1).map(() => hlo.constant(0, [], "i32"));
  return makeNode("dynamic_slice", [x, start, ...zeros], shape, x.type, null);
}

/**
 * Whether rows `[E, ...]` are gathered, or made of gathered ones and of numbers of an edge or a
 * column by cheap arithmetic, or all the same constant. Where other rows take part they are in
 * memory anyway, and so may these be.
 */
function needNoMemory(node: HloNode): boolean {
  if (isOp(node, "constant")) return true;
  let gathers = 0;
  const isReady = (node: HloNode, depth: number): boolean => {
    if (takenRows(node)) return ++gathers > 0;
    if (isOp(node, "constant") || isOp(node, "broadcast_in_dim")) return true;
    return depth > 0 && CHEAP.has(node.op) && node.inputs.every((x) => isReady(x, depth - 1));
  };
  return isReady(node, DEPTH) && gathers > 0;
}

/** The rows of a block, computed from what a block needs. */
function compute(node: HloNode, block: Block): HloNode {
  const shape = [block.size, ...node.shape.slice(1)];
  const rows = takenRows(node);
  if (rows) {
    const { x, ids, inside } = rows;
    return takeRows(x, { x, ids: rowsOf(ids, block), inside: inside && rowsOf(inside, block) });
  }
  if (isOp(node, "broadcast_in_dim")) {
    const [x] = node.inputs as [HloNode];
    const { dims } = node.attrs;
    const ofEdges = dims[0] === 0 && x.shape[0] === block.edges;
    return hlo.broadcastInDim(ofEdges ? rowsOf(x, block) : x, shape, dims);
  }
  if (isOp(node, "constant")) return rowsOf(node, block);
  const inputs = node.inputs.map((input) => compute(input, block));
  return makeNode(node.op, inputs, shape, node.type, node.attrs);
}

/** One round of the loop: the sums with the rows of block `counter` added. */
function addBlock(
  node: HloNode<"scatter">,
  block: Block,
  counter: HloNode,
  sums: HloNode,
): HloNode {
  const [, , rows] = node.inputs as [HloNode, HloNode, HloNode];
  // Without an operation around it XLA's gather is 4 times slower. Adding -0 changes no number, and
  // that this is -0 no compiler knows.
  const nothing = hlo.mul(hlo.convert(counter, "f32"), hlo.constant(-0));
  const part = hlo.add(compute(rows, block), nothing);
  // The last block begins earlier than its turn, to be whole; what was added before is dropped.
  const due = hlo.mul(counter, hlo.like(counter, block.size));
  const first = hlo.binary("minimum", due, hlo.like(due, block.edges - block.size));
  const edge = hlo.add(hlo.iota([block.size], 0, "i32"), first);
  const ids = rowsOf(idsOf(node), block);
  const own = hlo.select(hlo.compare("GE", edge, due), ids, hlo.like(ids, -1));
  return hlo.scatter(sums, hlo.reshape(own, [block.size, 1]), part, node.attrs.combine, node.attrs);
}

/** Whether a node combines many gathered float rows by ids, starting from a constant. */
function sumsManyGathered(node: HloNode): node is HloNode<"scatter"> {
  if (!isOp(node, "scatter") || node.type !== "f32" || node.attrs.combine === "replace") {
    return false;
  }
  const [init, indices, rows] = node.inputs as [HloNode, HloNode, HloNode];
  return isOp(init, "constant") && indices.shape.length === 2 && indices.shape[1] === 1 &&
    node.attrs.insertedWindowDims.length === 1 && node.attrs.insertedWindowDims[0] === 0 &&
    node.attrs.indexVectorDim === 1 && sizeOf(rows.shape) >= LEAST && needNoMemory(rows);
}

/** The rule above, for `rewrite`. */
export function sumByBlocks(node: HloNode): HloNode | null {
  if (!sumsManyGathered(node)) return null;
  const [init, , rows] = node.inputs as [HloNode, HloNode, HloNode];
  const edges = rows.shape[0]!;
  const size = Math.max(1, Math.floor(BLOCK * edges / sizeOf(rows.shape)));
  if (2 * size > edges) return null;
  const firstId = currentId();
  const state = [hlo.constant(0, [], "i32"), init];
  const [test, body] = [state.map(parameterLike), state.map(parameterLike)] as [
    [HloNode, HloNode],
    [HloNode, HloNode],
  ];
  const [counter, sums] = body;
  const rounds = hlo.constant(Math.ceil(edges / size), [], "i32");
  const start = hlo.mul(counter, hlo.like(counter, size));
  const next = [
    hlo.add(counter, hlo.like(counter, 1)),
    addBlock(node, { edges, size, start }, counter, sums),
  ];
  return whileNode(
    state,
    { parameters: test, outputs: [hlo.compare("LT", test[0], rounds)] },
    { parameters: body, outputs: next },
    firstId,
  )[1]!;
}
