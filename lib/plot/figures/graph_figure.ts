/** A graph: nodes as points, edges as lines with arrows. @module */
import type { ArrayInput } from "../arrays.ts";
import { HIDDEN_AXIS } from "../axes.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { edgePaths, isSymmetric } from "../edge_paths.ts";
import { readValues } from "../field.ts";
import { displayFigure } from "../figure.ts";
import { type GraphInput, type PlotGraph, readGraph, readNodePositions } from "../graph.ts";
import { forceLayout } from "../graph_layout.ts";
import {
  arrowTrace,
  type EdgeLook,
  edgeTraces,
  edgeValueTrace,
  type NodeLook,
  nodeTraces,
} from "../graph_traces.ts";
import { colorRange, EDGE_SCALE, FIELD_SCALE, finiteRange } from "../scale.ts";
import { baseLayout, CONFIG, notes } from "../scene.ts";
import type { Colorscale, Figure, Layout } from "../types.ts";

/** Options of {@linkcode graphFigure}. */
export interface GraphFigureOptions {
  /** Where nodes are, `[N, 2]` or `[N, 3]`; laid out by forces where not given. */
  readonly positions?: ArrayInput;
  /** Whether the layout is in the plane (2, the default) or in space. */
  readonly dimension?: 2 | 3;
  /** The value of each node that its colour shows, `[N]`, or vectors, of which the length is. */
  readonly nodeColor?: ArrayInput;
  /** The value of each node that its area shows, `[N]`. */
  readonly nodeSize?: ArrayInput;
  /** The value of each edge that its colour shows, `[E]`, in seven steps. */
  readonly edgeColor?: ArrayInput;
  /** The value of each edge that its width shows, `[E]`, in five steps. */
  readonly edgeWidth?: ArrayInput;
  /** The words of each node; its number in graphs of at most 50 nodes, none in larger ones. */
  readonly labels?: readonly string[];
  /**
   * Whether edges have arrows, and are bent where one goes the other way. By default they do where
   * some edge has none the other way, or edges have values; else both are one straight line.
   */
  readonly arrows?: boolean;
  /** What colours of nodes mean: the colour bar's title. */
  readonly name?: string;
  /** What colours of edges mean: the title of theirs. */
  readonly edgeName?: string;
  /** The values at the ends of the nodes' colour scale. */
  readonly range?: readonly [number, number];
  /** A plotly scale's name, or stops, for nodes; Viridis by default. */
  readonly colorscale?: Colorscale;
  /** The figure's heading. */
  readonly title?: string;
  /** Pixels, 720 by default. */
  readonly width?: number;
  /** Pixels, 560 by default. */
  readonly height?: number;
}

/** More edges are drawn in part. */
const MAX_EDGES = 20_000;
/** More arrows would cover the edges. */
const MAX_ARROWS = 500;
const MAX_LABELS = 50;
/** No axes: the layout has no units. */
const PLANE = { visible: false };

/**
 * Draws a graph in the plane or in space. Without positions, forces lay it out: nodes repel each
 * other, edges pull (d3-force); the same graph always looks the same.
 *
 * Of more than 20,000 edges an even part is drawn. Nodes without a finite value are grey, such
 * edges dotted. The figure says both.
 *
 * @param graph N nodes and E edges: a `GraphsTuple`, or senders, receivers and `nNode`.
 * @throws {TypeError} If positions, values or labels are not one for each node or edge.
 * @throws {RangeError} If there are no nodes, an edge's node is not there, a position is not
 * finite, no value is, or more than 5,000 nodes have no positions.
 *
 * @example
 * ```ts
 * import { graphFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = { senders: [0, 1, 2], receivers: [1, 2, 0], nNode: [3] };
 * const figure = graphFigure(graph, { nodeColor: [0.1, 0.5, 0.9], name: "heat" });
 * assertEquals(figure.data.map((trace) => trace.name), ["edges", "arrows", "nodes"]);
 * ```
 */
export function graphFigure(graph: GraphInput, options: GraphFigureOptions = {}): Figure {
  const plotGraph = readGraph(graph);
  const { numNodes, senders, receivers } = plotGraph;
  const columns = options.positions === undefined
    ? forceLayout(plotGraph, options.dimension ?? 2)
    : readNodePositions(options.positions, numNodes);
  const nodes = nodeLook(numNodes, options);
  const edges = edgeLook(senders.length, options);
  const every = Math.max(1, Math.ceil(senders.length / MAX_EDGES));
  const valued = edges.colors !== undefined || edges.widths !== undefined;
  const arrows = options.arrows ?? (valued || !isSymmetric(plotGraph));
  const paths = edgePaths(plotGraph, columns, { every, merge: !arrows });
  const extent = Math.max(...columns.map(widthOf));
  return displayFigure({
    data: [
      ...edgeTraces(paths, edges, columns.length),
      ...(arrows && paths.length > 0 && paths.length <= MAX_ARROWS
        ? [arrowTrace(paths, extent)]
        : []),
      ...(edges.colors && paths.length > 0
        ? [edgeValueTrace(
          paths,
          edges.colors,
          options.edgeName ?? "",
          (e) => `${senders[e]} → ${receivers[e]}`,
        )]
        : []),
      ...nodeTraces(columns, nodes),
    ],
    layout: {
      ...layout(columns, nodes, edges, options),
      ...notes(notesOn(plotGraph, nodes, edges, every)),
    },
    config: CONFIG,
  });
}

function widthOf(column: Float64Array): number {
  const [low, high] = finiteRange([column])!;
  return high - low;
}

function nodeLook(numNodes: number, options: GraphFigureOptions): NodeLook {
  const { labels, nodeColor, nodeSize } = options;
  if (labels && labels.length !== numNodes) {
    throw new TypeError(
      `Cannot draw a graph as there must be a label for each of its ${numNodes} nodes: got ` +
        `${labels.length}`,
    );
  }
  const read = (values: ArrayInput | undefined, what: string): Float32Array | undefined =>
    values === undefined
      ? undefined
      : readValues(values, numNodes, what, `the graph's ${numNodes} nodes`);
  const numbers = (): string[] => Array.from({ length: numNodes }, (_, n) => String(n));
  return {
    colors: read(nodeColor, "colours of nodes"),
    sizes: read(nodeSize, "sizes of nodes"),
    labels: labels ?? (numNodes <= MAX_LABELS ? numbers() : undefined),
    name: options.name ?? "",
  };
}

function edgeLook(numEdges: number, options: GraphFigureOptions): EdgeLook {
  const read = (values: ArrayInput | undefined, what: string): Float32Array | undefined =>
    values === undefined
      ? undefined
      : readValues(values, numEdges, what, `the graph's ${numEdges} edges`);
  const colors = read(options.edgeColor, "colours of edges");
  return {
    colors,
    range: colors && numEdges > 0 ? colorRange(undefined, [colors], "colours of edges") : undefined,
    widths: read(options.edgeWidth, "widths of edges"),
  };
}

function notesOn(graph: PlotGraph, nodes: NodeLook, edges: EdgeLook, every: number): string[] {
  const numBad = (values: (Float32Array | undefined)[], count: number): number =>
    Array.from({ length: count }, (_, n) => n)
      .filter((n) => values.some((v) => v && !Number.isFinite(v[n]))).length;
  const badNodes = numBad([nodes.colors, nodes.sizes], graph.numNodes);
  const badEdges = numBad([edges.colors, edges.widths], graph.senders.length);
  return [
    ...(every > 1 ? [`one in ${every} of ${graph.senders.length} edges is drawn`] : []),
    ...(badNodes > 0 ? [`nodes without a finite value: ${badNodes}`] : []),
    ...(badEdges > 0 ? [`edges without a finite value, dotted: ${badEdges}`] : []),
  ];
}

/** As long along each axis as the graph is, the longest axis 1. */
function proportions(columns: readonly Float64Array[]): Record<string, number> {
  const widths = columns.map(widthOf);
  const longest = Math.max(...widths) || 1;
  // An axis along which nothing extends keeps a little room.
  const [x, y, z] = widths.map((width) => 1.45 * Math.max(0.1, width / longest));
  return { x: x!, y: y!, z: z! };
}

function layout(
  columns: readonly Float64Array[],
  nodes: NodeLook,
  edges: EdgeLook,
  options: GraphFigureOptions,
): Layout {
  const numBars = (nodes.colors ? 1 : 0) + (edges.range ? 1 : 0);
  const margin = { l: 12, r: 12 + 84 * numBars, t: options.title === undefined ? 16 : 48, b: 26 };
  const { width = 720, height = 560 } = options;
  const second = { ...colorbarBeside(options.edgeName ?? "") as object };
  // The second bar stands right of the first one and its title.
  const x = 1.01 + (nodes.colors ? 84 / (width - margin.l - margin.r) : 0);
  return {
    ...baseLayout(options.title, { width, height }, margin),
    ...(columns.length === 3
      ? {
        scene: {
          ...{ xaxis: HIDDEN_AXIS, yaxis: HIDDEN_AXIS, zaxis: HIDDEN_AXIS },
          aspectmode: "manual",
          aspectratio: proportions(columns),
          dragmode: "turntable",
          camera: { eye: { x: 1.15, y: -1.4, z: 0.75 } },
        },
      }
      : {
        xaxis: PLANE,
        yaxis: { ...PLANE, scaleanchor: "x" },
        dragmode: "pan",
        hovermode: "closest",
      }),
    ...(nodes.colors
      ? {
        coloraxis: colorAxis(
          colorRange(options.range, [nodes.colors], "colours of nodes"),
          options.colorscale ?? FIELD_SCALE,
          colorbarBeside(options.name ?? ""),
        ),
      }
      : {}),
    ...(edges.range ? { coloraxis2: colorAxis(edges.range, EDGE_SCALE, { ...second, x }) } : {}),
  };
}
