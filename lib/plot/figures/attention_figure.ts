/** To whom nodes listen. @module */
import { formatShape } from "../../base/mod.ts";
import { type ArrayInput, readArray } from "../arrays.ts";
import { axisKey, axisName } from "../axes.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { displayFigure } from "../figure.ts";
import { type GraphInput, type PlotGraph, readGraph } from "../graph.ts";
import { colorRange, SHARE_SCALE } from "../scale.ts";
import { baseLayout, CONFIG, type Domain, heading, notes } from "../scene.ts";
import type { Figure, HeatmapTrace } from "../types.ts";

/** Options of {@linkcode attentionFigure}. */
export interface AttentionFigureOptions {
  /** The name of each node; its number by default. */
  readonly labels?: readonly string[];
  /** The figure's heading. */
  readonly title?: string;
  /** Pixels of the widest figure, 900 by default. */
  readonly width?: number;
}

/** Cells of larger matrices are smaller than a pixel. */
const MAX_NODES = 200;
const MAX_HEADS = 12;
const COLUMNS = 4;
const GAP = 46;

/**
 * Draws attention as a matrix for each head: rows are the nodes that receive, columns those that
 * send, colour is the weight on the edge between them, white where there is no edge. Weights of
 * several edges between the same nodes are added.
 *
 * @param graph N nodes, at most 200, and E edges.
 * @param weights `[E]`, or `[E, H]` for at most 12 heads.
 * @throws {TypeError} If there is not a weight for each edge, or a label for each node.
 * @throws {RangeError} If nodes or heads are too many, there are no edges, or no weight is finite.
 *
 * @example
 * ```ts
 * import { attentionFigure, type HeatmapTrace } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = { senders: [0, 1], receivers: [1, 1], nNode: [2] };
 * const [matrix] = attentionFigure(graph, [0.25, 0.75]).data as HeatmapTrace[];
 * assertEquals(matrix?.z, [[null, null], [0.25, 0.75]]);
 * ```
 */
export function attentionFigure(
  graph: GraphInput,
  weights: ArrayInput,
  options: AttentionFigureOptions = {},
): Figure {
  const plotGraph = readGraph(graph);
  const heads = readWeights(plotGraph, weights);
  const labels = labelsOf(plotGraph.numNodes, options.labels);
  const columns = Math.min(COLUMNS, heads.length);
  const rows = Math.ceil(heads.length / columns);
  const margin = { l: 60, r: 96, t: options.title === undefined ? 40 : 70, b: 56 };
  const width = heads.length === 1 ? Math.min(560, options.width ?? 900) : options.width ?? 900;
  const plotWidth = width - margin.l - margin.r;
  const side = (plotWidth - (columns - 1) * GAP) / columns;
  const plotHeight = rows * side + (rows - 1) * GAP;
  const domains = heads.map((_, n): Domain => {
    const [left, top] = [(n % columns) * (side + GAP), Math.floor(n / columns) * (side + GAP)];
    return {
      x: [left / plotWidth, (left + side) / plotWidth],
      y: [Math.max(0, 1 - (top + side) / plotHeight), 1 - top / plotHeight],
    };
  });
  const bad = heads.reduce((n, head) => n + head.filter((v) => !Number.isFinite(v)).length, 0);
  const note = notes(bad > 0 ? [`weights that are not finite: ${bad}`] : [], 36);
  const height = Math.round(plotHeight) + margin.t + margin.b;
  return displayFigure({
    data: heads.map((head, n) => matrix(plotGraph, head, labels, n)),
    layout: {
      ...baseLayout(options.title, { width, height }, margin),
      ...Object.assign({}, ...domains.map((domain, n) => axes(domain, n))),
      coloraxis: colorAxis(
        shareRange(heads),
        SHARE_SCALE,
        colorbarBeside("weight"),
      ),
      annotations: [
        ...(heads.length > 1 ? domains.map((domain, n) => heading(domain, `head ${n}`)) : []),
        ...(note.annotations ?? []),
      ],
    },
    config: CONFIG,
  });
}

function labelsOf(numNodes: number, labels: readonly string[] | undefined): readonly string[] {
  if (numNodes > MAX_NODES) {
    throw new RangeError(
      `Cannot draw attention as a matrix has at most ${MAX_NODES} nodes: got ${numNodes} ` +
        `(pass the weights to graphFigure as edgeWidth)`,
    );
  }
  if (labels && labels.length !== numNodes) {
    throw new TypeError(
      `Cannot draw attention as there must be a label for each of the ${numNodes} nodes: got ` +
        `${labels.length}`,
    );
  }
  return labels ?? Array.from({ length: numNodes }, (_, n) => String(n));
}

/** From none to the greatest weight; logits may be negative. */
function shareRange(heads: readonly Float32Array[]): [number, number] {
  const [low, high] = colorRange(undefined, heads, "attention");
  return low < 0 ? [low, high] : [0, high];
}

/** The weights of each head. */
function readWeights({ senders }: PlotGraph, weights: ArrayInput): Float32Array[] {
  const { shape, data } = readArray(weights, "attention");
  const [rows, numHeads = 1] = shape;
  if (shape.length > 2 || rows !== senders.length) {
    throw new TypeError(
      `Cannot draw attention as it must have a weight for each of the ${senders.length} edges, ` +
        `[${senders.length}] or [${senders.length}, H]: got ${formatShape(shape)}`,
    );
  }
  if (senders.length === 0 || numHeads < 1 || numHeads > MAX_HEADS) {
    throw new RangeError(
      `Cannot draw attention as it has edges and 1 to ${MAX_HEADS} heads: got ${
        formatShape(shape)
      }`,
    );
  }
  return Array.from(
    { length: numHeads },
    (_, h) => Float32Array.from({ length: rows }, (_, e) => data[e * numHeads + h]!),
  );
}

function matrix(
  { numNodes, senders, receivers }: PlotGraph,
  weights: Float32Array,
  labels: readonly string[],
  n: number,
): HeatmapTrace {
  const z = Array.from({ length: numNodes }, () => new Array<number | null>(numNodes).fill(null));
  weights.forEach((weight, e) => {
    if (!Number.isFinite(weight)) return;
    const row = z[receivers[e]!]!;
    row[senders[e]!] = (row[senders[e]!] ?? 0) + weight;
  });
  return {
    type: "heatmap",
    name: `head ${n}`,
    x: labels,
    y: labels,
    z: z.map((row) => row.map((v) => v === null ? null : Number(v.toPrecision(4)))),
    coloraxis: "coloraxis",
    xaxis: axisName("x", n),
    yaxis: axisName("y", n),
    hovertemplate: "%{y} from %{x}: %{z:.3g}<extra></extra>",
  };
}

function axes(domain: Domain, n: number): Record<string, unknown> {
  const common = {
    type: "category",
    showgrid: false,
    showline: true,
    mirror: true,
    linecolor: "#8a94a0",
    nticks: 12,
  };
  return {
    [axisKey("x", n)]: {
      ...common,
      domain: domain.x,
      anchor: axisName("y", n),
      ...(n === 0 ? { title: { text: "sender" } } : {}),
    },
    [axisKey("y", n)]: {
      ...common,
      domain: domain.y,
      anchor: axisName("x", n),
      autorange: "reversed",
      ...(n === 0 ? { title: { text: "receiver" } } : {}),
    },
  };
}
