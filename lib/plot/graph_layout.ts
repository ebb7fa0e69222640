/** Where the nodes of a graph are drawn, where nobody says. @module */
import * as untyped from "d3-force-3d";
import type { PlotGraph } from "./graph.ts";

/** What d3-force-3d, which has no typings, moves. */
interface Body {
  readonly x?: number;
  readonly y?: number;
  readonly z?: number;
}

interface Force {
  strength(strength: number): this;
  distance(distance: number): this;
}

interface Simulation {
  force(name: string, force: Force): this;
  stop(): this;
  alphaDecay(decay: number): this;
  tick(count: number): this;
}

/** The part of d3-force-3d that is used. */
interface D3 {
  forceSimulation(bodies: readonly Body[], dimension: 2 | 3): Simulation;
  forceLink(links: readonly { readonly source: number; readonly target: number }[]): Force;
  forceManyBody(): Force;
  forceX(x: number): Force;
  forceY(y: number): Force;
  forceZ(z: number): Force;
}

const d3 = untyped as unknown as D3;

/** Larger graphs would take too long, and look like a ball of wool. */
const MAX_LAYOUT = 5000;

/**
 * Nodes that repel each other, and edges that pull (d3-force): a column for each of 2 or 3
 * coordinates. The same graph is laid out the same each time.
 *
 * @throws {RangeError} If the graph has more than 5,000 nodes.
 */
export function forceLayout(graph: PlotGraph, dimension: 2 | 3): Float64Array[] {
  const { numNodes } = graph;
  if (numNodes > MAX_LAYOUT) {
    throw new RangeError(
      `Cannot draw a graph as at most ${MAX_LAYOUT} nodes are laid out: got ${numNodes} ` +
        `(pass positions, or a part of the graph)`,
    );
  }
  const bodies: Body[] = Array.from({ length: numNodes }, () => ({}));
  const links = Array.from(graph.senders, (sender, e) => ({
    source: sender,
    target: graph.receivers[e]!,
  })).filter(({ source, target }) => source !== target);
  // Larger graphs get fewer steps, and cool down as far in them.
  const steps = Math.max(60, Math.min(300, Math.round(150_000 / Math.max(1, numNodes))));
  d3.forceSimulation(bodies, dimension)
    .stop()
    .alphaDecay(1 - 0.001 ** (1 / steps))
    .force("charge", d3.forceManyBody().strength(-60))
    .force("link", d3.forceLink(links).distance(30))
    .force("x", d3.forceX(0).strength(0.02))
    .force("y", d3.forceY(0).strength(0.02))
    .force("z", d3.forceZ(0).strength(0.02))
    .tick(steps);
  const column = (axis: "x" | "y" | "z"): Float64Array =>
    Float64Array.from(bodies, (body) => body[axis] ?? 0);
  return dimension === 3 ? [column("x"), column("y"), column("z")] : [column("x"), column("y")];
}
