/** From the cells of a mesh to the edges of a graph. @module */

/** What a cell is, which says which of its nodes are joined. */
export type CellType = "line" | "triangle" | "quad" | "tetra" | "hexahedron";

/** Cells of one type: `data` holds C rows of node indices. */
export interface Cells {
  /** What the cells are. */
  readonly type: CellType;
  /** `[C, nodes per cell]`, row-major. */
  readonly data: Int32Array;
}

/** Options of {@linkcode cellsToEdges}. */
export interface CellsToEdgesOptions {
  /** The number of nodes; indices are checked against it. */
  readonly numNodes?: number;
}

/** Directed edges by the indices of their nodes. */
export interface MeshEdges {
  /** int32 `[E]`. */
  readonly senders: Int32Array;
  /** int32 `[E]`. */
  readonly receivers: Int32Array;
}

/** The pairs of corners that are joined, in VTK's numbering of corners. */
const JOINED: Readonly<Record<CellType, readonly (readonly [number, number])[]>> = {
  line: [[0, 1]],
  triangle: [[0, 1], [1, 2], [2, 0]],
  quad: [[0, 1], [1, 2], [2, 3], [3, 0]],
  tetra: [[0, 1], [1, 2], [2, 0], [0, 3], [1, 3], [2, 3]],
  // deno-fmt-ignore
  hexahedron: [
    [0, 1], [1, 2], [2, 3], [3, 0],
    [4, 5], [5, 6], [6, 7], [7, 4],
    [0, 4], [1, 5], [2, 6], [3, 7],
  ],
};

/** The number of corners of each type of cell. */
export const CORNERS: Readonly<Record<CellType, number>> = {
  line: 2,
  triangle: 3,
  quad: 4,
  tetra: 4,
  hexahedron: 8,
};

/**
 * The edges of a mesh's cells, each in both directions once.
 *
 * The order is that of MeshGraphNets (`triangles_to_edges` of its `common.py`, where only triangles
 * are known): first corners 0 and 1 of every cell, then 1 and 2, and so on; pairs seen before are
 * left out; then the whole list once more with senders and receivers swapped. In the first half the
 * sender is the larger index. A cell that names a node twice gives no edge from it to itself, where
 * MeshGraphNets gives two.
 *
 * @param cells Cells of one type, or of several in turn.
 * @param options The number of nodes, to check indices against.
 * @returns Senders and receivers, int32 `[E]` each, on the host.
 * @throws {RangeError} If an index is negative or not below `numNodes`, or `data` does not hold
 * whole cells.
 *
 * @example Two triangles that share an edge
 * ```ts
 * import { cellsToEdges } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { senders, receivers } = cellsToEdges({
 *   type: "triangle",
 *   data: Int32Array.of(0, 1, 2, 2, 1, 3),
 * });
 * assertEquals([...senders], [1, 2, 3, 2, 3, 0, 1, 1, 0, 2]);
 * assertEquals([...receivers], [0, 1, 1, 0, 2, 1, 2, 3, 2, 3]);
 * ```
 */
export function cellsToEdges(
  cells: Cells | readonly Cells[],
  { numNodes = Infinity }: CellsToEdgesOptions = {},
): MeshEdges {
  if (numNodes !== Infinity && !(Number.isInteger(numNodes) && numNodes >= 0)) {
    throw new RangeError(
      `Cannot find the edges of cells as numNodes is a number of nodes: got ${String(numNodes)}`,
    );
  }
  const blocks = Array.isArray(cells) ? cells as readonly Cells[] : [cells as Cells];
  let pairs = 0;
  for (const block of blocks) {
    checkCells(block, numNodes);
    pairs += block.data.length / CORNERS[block.type] * JOINED[block.type].length;
  }
  const edges = new UniquePairs(pairs);
  for (const { type, data } of blocks) {
    const corners = CORNERS[type];
    for (const [first, second] of JOINED[type]) {
      for (let cell = 0; cell < data.length; cell += corners) {
        edges.add(data[cell + first]!, data[cell + second]!);
      }
    }
  }
  return edges.inBothDirections();
}

function checkCells(cells: Cells, numNodes: number): void {
  const { type, data } = cells ?? {};
  if (!Object.hasOwn(CORNERS, type)) {
    throw new RangeError(
      `Cannot find the edges of cells as their type must be known: got "${
        String(type)
      }", expected one ` +
        `of ${Object.keys(CORNERS).join(", ")}`,
    );
  }
  const corners = CORNERS[type];
  if (!(data instanceof Int32Array)) {
    throw new TypeError(
      `Cannot find the edges of cells as their data is an Int32Array: got ${
        (data as object | null)?.constructor?.name ?? String(data)
      } (Int32Array.from rounds and wraps what is no index)`,
    );
  }
  if (data.length % corners !== 0) {
    throw new RangeError(
      `Cannot find the edges of cells as a ${type} has ${corners} nodes: got ${data.length} ` +
        `indices, which is no multiple`,
    );
  }
  const wrong = data.findIndex((node) => node < 0 || node >= numNodes);
  if (wrong < 0) return;
  throw new RangeError(
    `Cannot find the edges of cells as cells name nodes of the mesh: ${type} ` +
      `${Math.floor(wrong / corners)} names node ${data[wrong]}` +
      (numNodes < Infinity ? ` of ${numNodes}` : ""),
  );
}

/** A set of unordered pairs that keeps the order of first sight: open addressing, no boxed keys. */
class UniquePairs {
  readonly #larger: Int32Array;
  readonly #smaller: Int32Array;
  /** One more than the number of the pair in this slot; 0 where there is none. */
  readonly #slots: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#larger = new Int32Array(capacity);
    this.#smaller = new Int32Array(capacity);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity + 1)));
  }

  add(a: number, b: number): void {
    if (a === b) return;
    const [smaller, larger] = a < b ? [a, b] : [b, a];
    const mask = this.#slots.length - 1;
    // Multiplicative hashing (Knuth): odd constants near 2^32 times the golden ratio.
    let hash = Math.imul(smaller, 0x9e3779b1) ^ Math.imul(larger, 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) & mask;
    for (; this.#slots[hash]! > 0; hash = (hash + 1) & mask) {
      const pair = this.#slots[hash]! - 1;
      if (this.#smaller[pair] === smaller && this.#larger[pair] === larger) return;
    }
    this.#smaller[this.#size] = smaller;
    this.#larger[this.#size] = larger;
    this.#slots[hash] = ++this.#size;
  }

  inBothDirections(): MeshEdges {
    const senders = new Int32Array(2 * this.#size);
    const receivers = new Int32Array(2 * this.#size);
    const [larger, smaller] = [this.#larger, this.#smaller].map((x) => x.subarray(0, this.#size));
    senders.set(larger!);
    senders.set(smaller!, this.#size);
    receivers.set(smaller!);
    receivers.set(larger!, this.#size);
    return { senders, receivers };
  }
}
