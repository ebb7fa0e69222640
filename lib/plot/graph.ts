/** A graph on its way into a figure. @module */
import { formatShape } from "../base/mod.ts";
import { type ArrayInput, readArray } from "./arrays.ts";

/** A graph to draw: a `GraphsTuple`, or its senders, receivers and counts as plain numbers. */
export interface GraphInput {
  /** The node that each edge comes from, `[E]`. */
  readonly senders: ArrayInput;
  /** The node that each edge goes to, `[E]`. */
  readonly receivers: ArrayInput;
  /** The number of nodes of each graph, `[G]`; all graphs are drawn as one. */
  readonly nNode: ArrayInput;
}

/** A graph that has been checked. */
export interface PlotGraph {
  readonly numNodes: number;
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
}

/**
 * Reads and checks a graph.
 *
 * @throws {TypeError} If senders and receivers differ in number, or something is no graph.
 * @throws {RangeError} If the graph has no nodes, or an edge a node that is not there.
 */
export function readGraph(graph: GraphInput): PlotGraph {
  if (typeof graph !== "object" || graph === null || !("senders" in graph)) {
    throw new TypeError(
      `Cannot draw a graph as it has senders, receivers and nNode: got ${
        graph === null ? "null" : typeof graph
      }`,
    );
  }
  const [senders, receivers] = [graph.senders, graph.receivers].map((ends, n) =>
    readArray(ends, n === 0 ? "senders" : "receivers").data
  ) as [ArrayLike<number>, ArrayLike<number>];
  const counts = readArray(graph.nNode, "nNode").data;
  const numNodes = Array.from(counts).reduce((a, b) => a + b, 0);
  const bad = Array.from(counts).find((count) => !Number.isInteger(count) || count < 0);
  if (bad !== undefined) {
    throw new RangeError(`Cannot draw a graph as nNode counts nodes: got ${bad}`);
  }
  if (!(numNodes > 0)) {
    throw new RangeError("Cannot draw a graph as it has no nodes (nNode sums to 0)");
  }
  if (senders.length !== receivers.length) {
    throw new TypeError(
      `Cannot draw a graph as each edge has a sender and a receiver: got ${senders.length} ` +
        `senders and ${receivers.length} receivers`,
    );
  }
  for (const ends of [senders, receivers]) {
    const edge = Array.from(ends).findIndex((node) =>
      !(Number.isInteger(node) && node >= 0 && node < numNodes)
    );
    if (edge < 0) continue;
    throw new RangeError(
      `Cannot draw a graph as it has the nodes 0 to ${numNodes - 1}: edge ${edge} has ` +
        `${ends === senders ? "sender" : "receiver"} ${ends[edge]}`,
    );
  }
  return { numNodes, senders: Int32Array.from(senders), receivers: Int32Array.from(receivers) };
}

/**
 * Reads positions, `[N, 2]` or `[N, 3]`, as columns.
 *
 * @throws {TypeError} If there is not one for each node.
 * @throws {RangeError} If one is not finite.
 */
export function readNodePositions(positions: ArrayInput, numNodes: number): Float64Array[] {
  const { shape, data } = readArray(positions, "positions", 2);
  const [rows, dimension] = shape as [number, number];
  if (shape.length !== 2 || rows !== numNodes || (dimension !== 2 && dimension !== 3)) {
    throw new TypeError(
      `Cannot draw a graph as positions are [${numNodes}, 2] or [${numNodes}, 3], a row for each ` +
        `node: got ${formatShape(shape)}`,
    );
  }
  const bad = Array.prototype.findIndex.call(data, (v: number) => !Number.isFinite(v));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot draw a graph as positions must be finite: node ${Math.floor(bad / dimension)} has ` +
        `${data[bad]}`,
    );
  }
  return Array.from(
    { length: dimension },
    (_, c) => Float64Array.from({ length: rows }, (_, n) => data[n * dimension + c]!),
  );
}
