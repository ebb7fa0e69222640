/** A graph as traces: its edges as lines with arrows, its nodes as points. @module */
import { realColumn } from "./arrays.ts";
import type { EdgePath, Point } from "./edge_paths.ts";
import { EDGE_COLORS, finiteRange, NO_VALUE } from "./scale.ts";
import type { Column, ConeTrace, Line, Marker, Scatter3dTrace, ScatterTrace } from "./types.ts";

/** Edges without values. */
const PLAIN_EDGE = "#8a94a0";
const PLAIN_NODE = "#0072b2";
/** Pixels of the thinnest and the thickest edge, in so many steps: a trace has one width. */
const [THIN, THICK, WIDTHS] = [0.6, 5, 5];
/** Pixels across of the smallest and the largest node. */
const [SMALL, LARGE] = [8, 30];

/** Points as columns of coordinates; a trace of the plane or of a scene takes them. */
type Columns = Readonly<Record<"x" | "y", Column>> & { readonly z?: Column };

function columnsOf(points: readonly (Point | null)[], dimension: number): Columns {
  const [x, y, z] = Array.from(
    { length: dimension },
    (_, c) => realColumn(points.map((point) => point === null ? NaN : point[c]!)),
  ) as [Column, Column, Column?];
  return z === undefined ? { x, y } : { x, y, z };
}

type Rest = Omit<ScatterTrace, "type" | "x" | "y"> & Omit<Scatter3dTrace, "type" | "x" | "y" | "z">;

/** A trace in the plane or in space, as its points are. */
function scatter({ x, y, z }: Columns, rest: Rest): ScatterTrace | Scatter3dTrace {
  if (z !== undefined) return { type: "scatter3d", x, y, z, ...rest };
  return { type: "scatter", x, y, ...rest };
}

/** Values of edges, where they have some, and the range of the colours. */
export interface EdgeLook {
  readonly colors?: Float32Array | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly widths?: Float32Array | undefined;
}

/** Colour and width of an edge. A value that is not finite is a thin grey dotted line. */
function lineOf(edge: number, { colors, range, widths }: EdgeLook, reach: Reach): Line {
  const color = colors === undefined
    ? PLAIN_EDGE
    : Number.isFinite(colors[edge])
    ? EDGE_COLORS[step(colors[edge]!, range!, EDGE_COLORS.length)]!
    : NO_VALUE;
  const dash = [colors, widths].some((v) => v && !Number.isFinite(v[edge])) ? "dot" : "solid";
  const width = widths === undefined
    ? 1.2
    : Number.isFinite(widths[edge])
    ? THIN + (THICK - THIN) * step(widths[edge]!, reach, WIDTHS) / (WIDTHS - 1)
    : THIN;
  return { color, width, dash };
}

type Reach = readonly [number, number];

/** In which of so many equal steps of a range a value lies. */
function step(value: number, [low, high]: Reach, count: number): number {
  const share = high > low ? (value - low) / (high - low) : 1;
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** Edges as lines: a trace for each look. */
export function edgeTraces(
  paths: readonly EdgePath[],
  look: EdgeLook,
  dimension: number,
): (ScatterTrace | Scatter3dTrace)[] {
  const reach = look.widths ? finiteRange([look.widths]) ?? [0, 1] as const : [0, 1] as const;
  const groups = Map.groupBy(paths, ({ edge }) => JSON.stringify(lineOf(edge, look, reach)));
  return [...groups.values()].map((group) =>
    scatter(columnsOf(group.flatMap(({ points }) => [...points, null]), dimension), {
      mode: "lines",
      name: "edges",
      line: lineOf(group[0]!.edge, look, reach),
      hoverinfo: "skip",
      showlegend: false,
    })
  );
}

/**
 * Unseen points on the edges that carry their values: what the pointer finds, and what the colour
 * bar belongs to.
 */
export function edgeValueTrace(
  paths: readonly EdgePath[],
  values: Float32Array,
  name: string,
  ends: (edge: number) => string,
): ScatterTrace | Scatter3dTrace {
  const dimension = paths[0]?.tip.length ?? 2;
  return scatter(columnsOf(paths.map(({ tip }) => tip), dimension), {
    mode: "markers",
    name: "edge values",
    marker: {
      color: realColumn(paths.map(({ edge }) => values[edge]!)),
      coloraxis: "coloraxis2",
      size: 10,
      opacity: 0,
    },
    text: paths.map(({ edge }) => ends(edge)),
    hovertemplate: `%{text}<br>${name === "" ? "" : `${name}: `}%{marker.color:.4g}<extra></extra>`,
    showlegend: false,
  });
}

/** The arrows of edges, a little past their middles. */
export function arrowTrace(
  paths: readonly EdgePath[],
  extent: number,
): ScatterTrace | ConeTrace {
  const dimension = paths[0]!.tip.length;
  const at = columnsOf(paths.map(({ tip }) => tip), dimension);
  if (dimension === 3) {
    const to = columnsOf(paths.map(({ towards }) => towards), 3);
    return {
      type: "cone",
      name: "arrows",
      ...at as Required<Columns>,
      ...{ u: to.x, v: to.y, w: to.z! },
      sizemode: "raw",
      sizeref: extent / 45,
      colorscale: [[0, PLAIN_EDGE], [1, PLAIN_EDGE]],
      showscale: false,
      hoverinfo: "skip",
    };
  }
  const angles = paths.map(({ towards: [x, y] }) => Math.atan2(x!, y!) * 180 / Math.PI);
  return {
    type: "scatter",
    mode: "markers",
    name: "arrows",
    ...at,
    marker: { symbol: "arrow", angle: realColumn(angles), size: 12, color: "#3b434d" },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Values of nodes, where they have some, and their words. */
export interface NodeLook {
  readonly colors?: Float32Array | undefined;
  readonly sizes?: Float32Array | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly name: string;
}

/**
 * The nodes as points: one trace of those with a value, and where some have none, another of those
 * in grey.
 */
export function nodeTraces(
  columns: readonly Float64Array[],
  look: NodeLook,
): (ScatterTrace | Scatter3dTrace)[] {
  const all = Array.from(columns[0]!, (_, node) => node);
  const has = (node: number): boolean => !look.colors || Number.isFinite(look.colors[node]);
  // A scene draws points larger.
  const shrink = columns.length === 3 ? 0.6 : 1;
  const diameters = diametersOf(all.length, look.sizes).map((d) => d * shrink);
  const trace = (nodes: readonly number[], marker: Marker, value: string) =>
    scatter(columnsOf(nodes.map((n) => columns.map((c) => c[n]!)), columns.length), {
      mode: look.labels ? "markers+text" : "markers",
      name: "nodes",
      marker: {
        ...marker,
        size: realColumn(nodes.map((n) => diameters[n]!)),
        opacity: 1,
        line: { color: "#ffffff", width: 1 },
      },
      text: nodes.map((n) => look.labels?.[n] ?? String(n)),
      textposition: "top center",
      hovertemplate: `%{text}${value}<extra></extra>`,
      showlegend: false,
    });
  if (!look.colors) return [trace(all, { color: PLAIN_NODE }, "")];
  const [known, unknown] = [all.filter(has), all.filter((node) => !has(node))];
  const color = realColumn(known.map((n) => look.colors![n]!));
  const value = `<br>${look.name === "" ? "" : `${look.name}: `}%{marker.color:.4g}`;
  return [
    trace(known, { color, coloraxis: "coloraxis" }, value),
    ...(unknown.length > 0 ? [trace(unknown, { color: NO_VALUE }, "<br>no value")] : []),
  ];
}

/** Pixels across of each node: areas follow the values. */
function diametersOf(count: number, sizes: Float32Array | undefined): number[] {
  const plain = count > 400 ? 5 : count > 60 ? 10 : 16;
  if (!sizes) return new Array<number>(count).fill(plain);
  const [low, high] = finiteRange([sizes]) ?? [0, 0];
  const from = Math.min(0, low);
  return Array.from(sizes, (v) => {
    if (!Number.isFinite(v)) return SMALL / 2;
    const share = high > from ? (v - from) / (high - from) : 1;
    return SMALL + (LARGE - SMALL) * Math.sqrt(share);
  });
}
