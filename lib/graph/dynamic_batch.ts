/** Batches of padded graphs, all of one size, from a stream of graphs. @module */
import { checkCount } from "../tensor/mod.ts";
import { describe } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { batchPadded, type Sizes } from "./host_batch.ts";
import { readField, sum } from "./read_field.ts";

const ACTION = "batch graphs dynamically";
const REMEDY = "batch before jit, and pass the batches in";

function sizesOf(graph: GraphsTuple): Sizes {
  const nodes = sum(readField(graph, "nNode", ACTION, REMEDY));
  const edges = sum(readField(graph, "nEdge", ACTION, REMEDY));
  return [nodes, edges, graph.nNode.size];
}

/** Collects graphs, in order, for as long as they fit. */
class Packer<T extends GraphsTuple> {
  readonly #padded: Sizes;
  /** Room beside the padding graph and its one node at least. */
  readonly #budget: Sizes;
  #graphs: T[] = [];
  #used: Sizes = [0, 0, 0];

  constructor(nNode: number, nEdge: number, nGraph: number) {
    checkCount(nNode, ACTION, "nNode");
    checkCount(nEdge, ACTION, "nEdge");
    checkCount(nGraph, ACTION, "nGraph");
    if (nGraph < 2) {
      throw new RangeError(
        `Cannot ${ACTION} as each batch needs room for a graph and a padding graph: ` +
          `nGraph is ${nGraph} (it must be at least 2)`,
      );
    }
    this.#padded = [nNode, nEdge, nGraph];
    this.#budget = [nNode - 1, nEdge, nGraph - 1];
  }

  #exceeds(sizes: Sizes): boolean {
    return sizes.some((size, i) => size > this.#budget[i]!);
  }

  /** Takes a graph in; the graphs before it come out if it does not fit beside them. */
  *add(graph: T): Generator<T> {
    const sizes = sizesOf(graph);
    const together = sizes.map((size, i) => size + this.#used[i]!) as unknown as Sizes;
    const tooBig = this.#exceeds(sizes);
    if (tooBig || this.#exceeds(together)) {
      yield* this.flush();
      this.#used = sizes;
    } else {
      this.#used = together;
    }
    if (tooBig) {
      const [nodes, edges, graphs] = this.#budget;
      throw new RangeError(
        `Cannot ${ACTION} as each element must fit into a batch beside the padding: ` +
          `an element has ${sizes[0]} nodes, ${sizes[1]} edges, ${sizes[2]} graphs, ` +
          `there is room for ${nodes}, ${edges} and ${graphs} (raise nNode, nEdge or nGraph)`,
      );
    }
    this.#graphs.push(graph);
  }

  /** The graphs collected so far, batched and padded; none if there are none. */
  *flush(): Generator<T> {
    const graphs = this.#graphs;
    this.#graphs = [];
    this.#used = [0, 0, 0];
    if (graphs.length > 0) yield batchPadded(graphs, this.#padded);
  }
}

function* batchSync<T extends GraphsTuple>(
  graphs: Iterable<T>,
  sizes: Sizes,
): Generator<T, void, undefined> {
  const packer = new Packer<T>(...sizes);
  for (const graph of graphs) yield* packer.add(graph);
  yield* packer.flush();
}

async function* batchAsync<T extends GraphsTuple>(
  graphs: AsyncIterable<T>,
  sizes: Sizes,
): AsyncGenerator<T, void, undefined> {
  const packer = new Packer<T>(...sizes);
  for await (const graph of graphs) yield* packer.add(graph);
  yield* packer.flush();
}

/**
 * Batches of graphs padded to one size: greedily, in order, as many as fit into each.
 *
 * A batch holds at most `nNode - 1` real nodes, `nEdge` edges and `nGraph - 1` graphs; the rest is
 * padding, so a program compiled for one batch serves all. Works on the host, so not inside `jit`.
 *
 * @param graphs Graphs, each of one or several graphs; what it yields is not disposed.
 * @param nNode The number of nodes of each batch.
 * @param nEdge The number of edges of each batch.
 * @param nGraph The number of graphs of each batch, at least 2.
 * @returns A generator, asynchronous if `graphs` is.
 * @throws {RangeError} At the first step if `nGraph` is below 2; or when an element is too big for
 * any batch, after the graphs before it have come out.
 * @throws {TypeError} If `graphs` is no iterable, or an element no graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { dynamicallyBatch, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graphs = [3, 2, 4].map((n) => graphsTuple({ nodes: new Float32Array(n), nNode: [n] }));
 * const batches = [...dynamicallyBatch(graphs, 7, 0, 4)];
 * assertEquals(batches.map(({ nNode }) => nNode.arraySync()), [[3, 2, 2, 0], [4, 3, 0, 0]]);
 * ```
 */
export function dynamicallyBatch<T extends GraphsTuple>(
  graphs: AsyncIterable<T>,
  nNode: number,
  nEdge: number,
  nGraph: number,
): AsyncGenerator<T, void, undefined>;
/** The same of graphs that are there already: a plain generator. */
export function dynamicallyBatch<T extends GraphsTuple>(
  graphs: Iterable<T>,
  nNode: number,
  nEdge: number,
  nGraph: number,
): Generator<T, void, undefined>;
export function dynamicallyBatch<T extends GraphsTuple>(
  graphs: Iterable<T> | AsyncIterable<T>,
  nNode: number,
  nEdge: number,
  nGraph: number,
): Generator<T, void, undefined> | AsyncGenerator<T, void, undefined> {
  const sizes = [nNode, nEdge, nGraph] as const;
  const isIterable = typeof graphs === "object" && graphs !== null &&
    (Symbol.iterator in graphs || Symbol.asyncIterator in graphs);
  if (!isIterable) {
    throw new TypeError(`Cannot ${ACTION} as they come one by one: got ${describe(graphs)}`);
  }
  return Symbol.asyncIterator in graphs ? batchAsync(graphs, sizes) : batchSync(graphs, sizes);
}
