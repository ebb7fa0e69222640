/** Random graphs for property tests, from numbers that fast-check draws and shrinks. @module */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { randomStream } from "../../datasets/random_stream.ts";
import { type GraphsTuple, graphsTuple } from "../../lib/graph/mod.ts";

/** The sizes and ends of some graphs; features are made from the seed. */
export interface RandomGraphs {
  /** Nodes of each graph, and its edges as pairs of whole numbers, taken modulo its nodes. */
  readonly graphs: readonly { readonly n: number; readonly ends: readonly [number, number][] }[];
  readonly seed: number;
}

/**
 * Several graphs: empty ones, isolated nodes, self loops and several edges of one pair included.
 */
export const randomGraphs: fc.Arbitrary<RandomGraphs> = fc.record({
  graphs: fc.array(
    fc.record({
      n: fc.integer({ min: 0, max: 4 }),
      ends: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  seed: fc.nat(1000),
});

/** Features of width 2 in `[-1, 1)`. */
const features = (rows: number, seed: number): tf.Tensor =>
  tf.randomUniform([rows, 2], -1, 1, "float32", seed + 1);

/** The graphs as one `GraphsTuple` with float32 `[..., 2]` nodes, edges and globals. */
export function toGraphsTuple({ graphs, seed }: RandomGraphs): GraphsTuple {
  const senders: number[] = [], receivers: number[] = [];
  const nEdge: number[] = [];
  let first = 0;
  for (const { n, ends } of graphs) {
    for (const [s, r] of n === 0 ? [] : ends) {
      senders.push(first + s % n);
      receivers.push(first + r % n);
    }
    nEdge.push(n === 0 ? 0 : ends.length);
    first += n;
  }
  return graphsTuple({
    nodes: features(first, seed),
    edges: features(senders.length, seed + 1000),
    globals: features(graphs.length, seed + 2000),
    senders,
    receivers,
    nNode: graphs.map(({ n }) => n),
    nEdge,
  });
}

/** An order of rows that keeps each group's rows together: `counts` rows a group. */
export function shuffleWithin(counts: ArrayLike<number>, seed: number): number[] {
  const random = randomStream(seed);
  let first = 0;
  return Array.from(counts).flatMap((count) => {
    const rows = Array.from(
      { length: count },
      (_, i) => ({ row: first + i, key: random.uniform() }),
    );
    first += count;
    return rows.sort((a, b) => a.key - b.key).map(({ row }) => row);
  });
}
