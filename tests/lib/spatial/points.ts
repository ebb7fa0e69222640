/** Points for the tests of lib/spatial, and pairs of them compared one by one. @module */
import fc from "fast-check";
import { randomStream } from "../../../datasets/random_stream.ts";
import type { MeshEdges } from "../../../lib/spatial/mod.ts";

/** Points as nested arrays. */
export type Rows = number[][];

/** What a property test draws. */
export interface Drawn {
  readonly points: Rows;
  readonly dim: number;
  /** Whether the unit box is periodic. */
  readonly isPeriodic: boolean;
  /** The number of points of each graph. */
  readonly nNode: number[];
}

/**
 * Points of one to three dimensions on a lattice of 1/64, so that float32 holds them, their
 * differences and their squared distances exactly; in several graphs. Many coincide or lie at equal
 * distances.
 */
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  dim: fc.integer({ min: 1, max: 3 }),
  isPeriodic: fc.boolean(),
  sizes: fc.array(fc.nat(14), { minLength: 1, maxLength: 3 }),
  seed: fc.nat(1e6),
  isFarApart: fc.boolean(),
}).map(({ dim, isPeriodic, sizes, seed, isFarApart }) => {
  const random = randomStream(seed);
  const far = isFarApart ? 2 ** 10 : 1;
  const coordinate = (): number =>
    random.integer(64) / 64 + (random.uniform() < 0.1 ? far * (random.integer(3) - 1) : 0);
  const count = sizes.reduce((a, b) => a + b, 0);
  const points = Array.from({ length: count }, () => Array.from({ length: dim }, coordinate));
  return { points, dim, isPeriodic, nNode: sizes };
});

/** Random points in the unit box, in float32. */
export function randomPoints(count: number, dim: number, seed: number): Rows {
  const random = randomStream(seed);
  return Array.from(
    { length: count },
    () => Array.from({ length: dim }, () => Math.fround(random.uniform())),
  );
}

/** The squared distance of two points; in the unit box if that is periodic. */
export function squaredDistance(a: number[], b: number[], isPeriodic: boolean): number {
  return a.reduce((sum, x, axis) => {
    const d = x - b[axis]!;
    return sum + (isPeriodic ? d - Math.round(d) : d) ** 2;
  }, 0);
}

/** The graph of each point. */
export const graphIds = (nNode: readonly number[]): number[] =>
  nNode.flatMap((size, graph) => new Array<number>(size).fill(graph));

/** Edges as `sender>receiver`, in their order. */
export function edgeList({ senders, receivers }: MeshEdges): string[] {
  return Array.from(senders, (sender, e) => `${sender}>${receivers[e]}`);
}

/** All pairs within a radius, by receiver, then by sender: every pair is looked at. */
export function bruteForce(
  { points, isPeriodic, nNode }: Drawn,
  radius: number,
  selfEdges = false,
): string[] {
  const graph = graphIds(nNode);
  return points.flatMap((to, receiver) =>
    points.flatMap((from, sender) =>
      graph[sender] === graph[receiver] && (selfEdges || sender !== receiver) &&
        squaredDistance(from, to, isPeriodic) <= radius ** 2
        ? [`${sender}>${receiver}`]
        : []
    )
  );
}
