/**
 * The way that each edge of a drawn graph takes: straight, bent beside others, or a loop. @module
 */
import type { PlotGraph } from "./graph.ts";

/** How far an edge bends out beside another one, as a share of its length. */
const BEND = 0.14;
/** Points of a bent edge, and of a loop. */
const [CURVE_POINTS, LOOP_POINTS] = [11, 19];

/** A point, or a direction, of 2 or 3 numbers. */
export type Point = readonly number[];

/** An edge as it is drawn. */
export interface EdgePath {
  /** Its place among the graph's edges. */
  readonly edge: number;
  /** The points that it goes through, from its sender to its receiver. */
  readonly points: readonly Point[];
  /** Where its arrow stands, a little past the middle. */
  readonly tip: Point;
  /** Where the arrow points to, of length 1. */
  readonly towards: Point;
}

/** Each ordered pair of nodes that has edges, with how many. */
function countPairs({ numNodes, senders, receivers }: PlotGraph): Map<number, number> {
  const counts = new Map<number, number>();
  senders.forEach((sender, e) => {
    const pair = sender * numNodes + receivers[e]!;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  });
  return counts;
}

/** Whether each edge has one the other way: then a line says it all. */
export function isSymmetric(graph: PlotGraph): boolean {
  const counts = countPairs(graph);
  const { numNodes, senders, receivers } = graph;
  return senders.every((sender, e) => counts.has(receivers[e]! * numNodes + sender));
}

/** Every how many-th edge is drawn, and whether an edge each way is one line. */
export interface PathOptions {
  readonly every: number;
  readonly merge: boolean;
}

/**
 * The paths of a graph's edges. Edges between the same two nodes bend out, each to the right of its
 * own direction; with `merge` there is one straight line for all of them.
 */
export function edgePaths(
  graph: PlotGraph,
  columns: readonly Float64Array[],
  { every, merge }: PathOptions,
): EdgePath[] {
  const { numNodes, senders, receivers } = graph;
  const counts = countPairs(graph);
  const seen = new Map<number, number>();
  const loop = loopRadius(graph, columns);
  const paths: EdgePath[] = [];
  for (let edge = 0; edge < senders.length; edge += every) {
    const [s, r] = [senders[edge]!, receivers[edge]!];
    const [pair, back] = [s * numNodes + r, r * numNodes + s];
    const rank = seen.get(pair) ?? 0;
    seen.set(pair, rank + 1);
    if (merge && (rank > 0 || (s !== r && seen.has(back)))) continue;
    const at = (node: number): Point => columns.map((column) => column[node]!);
    const [a, b] = [at(s), at(r)];
    const beside = !merge && counts.has(back) ? rank + 1 : rank;
    paths.push({
      edge,
      ...(s === r ? loopAt(a, loop * (1 + rank / 2)) : curve(a, b, beside * BEND)),
    });
  }
  return paths;
}

type Path = Omit<EdgePath, "edge">;

const minus = (a: Point, b: Point): Point => a.map((v, c) => v - b[c]!);
const unit = (a: Point): Point => {
  const length = Math.hypot(...a) || 1;
  return a.map((v) => v / length);
};

/** A direction across another: to its right in the plane. */
function across(d: Point): Point {
  if (d.length === 2) return [d[1]!, -d[0]!];
  const [x, y, z] = d as [number, number, number];
  return Math.hypot(x, y) > 1e-9 * Math.abs(z) ? [y, -x, 0] : [z, 0, -x];
}

/** A quadratic curve that bends out by a share of the distance. */
function curve(a: Point, b: Point, bend: number): Path {
  const d = minus(b, a);
  const out = across(d);
  const at = (t: number): Point =>
    a.map((v, c) => v + t * d[c]! + 4 * t * (1 - t) * bend * out[c]!);
  const count = bend === 0 ? 2 : CURVE_POINTS;
  const points = Array.from({ length: count }, (_, k) => at(k / (count - 1)));
  return { points, tip: at(0.62), towards: unit(minus(at(0.63), at(0.61))) };
}

/** A circle above a node that starts and ends there. */
function loopAt(a: Point, radius: number): Path {
  const at = (t: number): Point => {
    const angle = 2 * Math.PI * t;
    return a.map((v, c) =>
      c === 0
        ? v + radius * Math.sin(angle)
        : c === a.length - 1
        ? v + radius * (1 - Math.cos(angle))
        : v
    );
  };
  const points = Array.from({ length: LOOP_POINTS }, (_, k) => at(k / (LOOP_POINTS - 1)));
  return { points, tip: at(0.5), towards: unit(minus(at(0.51), at(0.49))) };
}

/** A third of the mean length of edges, or a part of the picture where all edges are loops. */
function loopRadius({ senders, receivers }: PlotGraph, columns: readonly Float64Array[]): number {
  let [sum, count] = [0, 0];
  senders.forEach((s, e) => {
    const length = Math.hypot(...columns.map((column) => column[s]! - column[receivers[e]!]!));
    if (length > 0) [sum, count] = [sum + length, count + 1];
  });
  if (count > 0) return sum / count / 6;
  const widths = columns.map((c) => c.reduce((a, v) => Math.max(a, v), -Infinity) - c[0]!);
  return Math.max(...widths) / 20 || 1;
}
