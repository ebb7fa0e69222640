/** How many nodes have how many edges. @module */
import { realColumn } from "../arrays.ts";
import { axis } from "../axes.ts";
import { isSymmetric } from "../edge_paths.ts";
import { displayFigure } from "../figure.ts";
import { type GraphInput, readGraph } from "../graph.ts";
import { CURVE_COLORS } from "../scale.ts";
import { baseLayout, CONFIG } from "../scene.ts";
import type { BarTrace, Figure, ScatterTrace } from "../types.ts";

/** Options of {@linkcode degreeFigure}. */
export interface DegreeFigureOptions {
  /** The figure's heading; numbers of nodes and edges by default. */
  readonly title?: string;
  /** Pixels, 720 by default. */
  readonly width?: number;
  /** Pixels, 340 by default. */
  readonly height?: number;
}

/** Greater degrees are drawn as points on logarithmic axes, where a few hubs leave room. */
const MAX_BARS = 60;

/**
 * Draws how many nodes send, and how many receive, how many edges; one curve where each edge has
 * one the other way. Degrees up to 60 are bars, others points on logarithmic axes (which leave out
 * degree 0, as the figure says).
 *
 * @param graph N nodes and E edges: a `GraphsTuple`, or senders, receivers and `nNode`.
 * @throws {TypeError} If senders and receivers differ in number.
 * @throws {RangeError} If the graph has no nodes, or an edge a node that is not there.
 *
 * @example
 * ```ts
 * import { degreeFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const { data } = degreeFigure({ senders: [0, 0], receivers: [1, 2], nNode: [3] });
 * assertEquals(data.map(({ name, y }) => [name, y]), [
 *   ["sent", [2, 0, 1]],
 *   ["received", [1, 2, 0]],
 * ]);
 * ```
 */
export function degreeFigure(graph: GraphInput, options: DegreeFigureOptions = {}): Figure {
  const { numNodes, senders, receivers } = readGraph(graph);
  const [sent, received] = [senders, receivers].map((ends) => degrees(ends, numNodes)) as [
    Int32Array,
    Int32Array,
  ];
  const curves: [string, Int32Array][] = isSymmetric({ numNodes, senders, receivers })
    ? [["degree", received]]
    : [["sent", sent], ["received", received]];
  const greatest = Math.max(...curves.map(([, each]) => each.reduce((a, b) => Math.max(a, b))));
  const asPoints = greatest > MAX_BARS;
  const { width = 720, height = 340 } = options;
  const title = options.title ?? `Degrees of ${numNodes} nodes, ${senders.length} edges`;
  const alone = curves.map(([, each]) => each.filter((d) => d === 0).length);
  const rest = asPoints && alone.some((n) => n > 0)
    ? `edges of a node (${Math.max(...alone)} nodes without one are left out)`
    : "edges of a node";
  const scale = asPoints ? { type: "log", exponentformat: "power" } : {};
  return displayFigure({
    data: curves.map(([name, each], n) => trace(name, histogram(each, greatest), n, asPoints)),
    layout: {
      ...baseLayout(title, { width, height }, { l: 60, r: 20, t: 48, b: 50 }),
      xaxis: { ...axis(rest), ...scale },
      yaxis: { ...axis("nodes"), ...scale },
      showlegend: curves.length > 1,
      legend: { x: 1, y: 1, xanchor: "right", yanchor: "top" },
      bargap: 0.15,
    },
    config: CONFIG,
  });
}

function degrees(ends: Int32Array, numNodes: number): Int32Array {
  const result = new Int32Array(numNodes);
  for (const node of ends) result[node]!++;
  return result;
}

/** How many nodes have each degree, from 0 to the greatest. */
function histogram(each: Int32Array, greatest: number): Int32Array {
  const counts = new Int32Array(greatest + 1);
  for (const degree of each) counts[degree]!++;
  return counts;
}

function trace(
  name: string,
  counts: Int32Array,
  n: number,
  asPoints: boolean,
): BarTrace | ScatterTrace {
  const all = Array.from(counts, (count, degree) => ({ count, degree }));
  const kept = asPoints ? all.filter(({ count, degree }) => count > 0 && degree > 0) : all;
  const common = {
    name,
    x: realColumn(kept.map(({ degree }) => degree)),
    y: realColumn(kept.map(({ count }) => count)),
    marker: { color: CURVE_COLORS[n]! },
    hovertemplate: "%{y} nodes with %{x} edges",
  };
  return asPoints ? { type: "scatter", mode: "markers", ...common } : { type: "bar", ...common };
}
