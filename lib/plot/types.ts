/**
 * The part of plotly's figure format that this library writes, as plain data.
 *
 * Plotly's own typings describe what a figure may hold; these describe what ours do hold, so that
 * a builder's result can be read, changed and tested without narrowing unions of fifty traces. A
 * figure is JSON: save it, send it, or give it to any plotly (JavaScript, Python, R, Julia).
 *
 * @module
 */

/** A numeric array as base64 of its bytes, little endian, the way plotly reads and writes them. */
export interface PackedArray {
  /** `"f4"` float32, `"u2"` uint16, `"i4"` int32. */
  readonly dtype: "f4" | "u2" | "i4";
  /** The bytes, base64. */
  readonly bdata: string;
}

/** A column of a trace: plain numbers (`null` is a gap) or, when long, packed. */
export type Column = PackedArray | readonly (number | null)[];

/** A named plotly colour scale, or pairs of position in [0, 1] and CSS colour. */
export type Colorscale = string | readonly (readonly [number, string])[];

/** Colour, width and dash of a line. */
export interface Line {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: string;
}

/** A triangle mesh, coloured by a value per node. */
export interface Mesh3dTrace {
  readonly type: "mesh3d";
  readonly name?: string;
  readonly x: Column;
  readonly y: Column;
  readonly z: Column;
  /** First, second and third node of each triangle. */
  readonly i: Column;
  readonly j: Column;
  readonly k: Column;
  /** The value of each node that the colour shows. */
  readonly intensity?: Column;
  /** One colour for all triangles, where there is no field. */
  readonly color?: string;
  readonly coloraxis?: string;
  readonly scene?: string;
  readonly flatshading?: boolean;
  readonly lighting?: Readonly<Record<string, number>>;
  readonly hoverinfo?: string;
  readonly hovertemplate?: string;
  readonly showscale?: boolean;
}

/** Lines in a 3-D scene; a gap (`null`, NaN when packed) ends a segment. */
export interface Scatter3dTrace {
  readonly type: "scatter3d";
  readonly mode: "lines";
  readonly name?: string;
  readonly x: Column;
  readonly y: Column;
  readonly z: Column;
  readonly line?: Line;
  readonly scene?: string;
  readonly hoverinfo?: string;
  readonly showlegend?: boolean;
}

/** A curve in the plane. */
export interface ScatterTrace {
  readonly type: "scatter";
  readonly mode: "lines" | "markers" | "lines+markers";
  readonly name: string;
  readonly x: Column;
  readonly y: Column;
  readonly line?: Line;
  readonly opacity?: number;
  readonly hoverinfo?: string;
  readonly hovertemplate?: string;
  readonly legendgroup?: string;
  readonly showlegend?: boolean;
}

/** Any trace that this library builds. */
export type Trace = Mesh3dTrace | Scatter3dTrace | ScatterTrace;

/** A line of text placed on the paper: x and y in [0, 1] of the plot area. */
export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref: "paper";
  readonly yref: "paper";
  readonly xanchor: "left" | "center" | "right";
  readonly yanchor: "top" | "middle" | "bottom";
  readonly showarrow: false;
  readonly font?: { readonly size?: number; readonly color?: string };
  readonly yshift?: number;
}

/** Sizes and parts of a figure; what is not listed here is any other plotly layout key. */
export interface Layout {
  readonly width?: number;
  readonly height?: number;
  readonly title?: { readonly text: string; readonly [key: string]: unknown };
  readonly annotations?: readonly Annotation[];
  readonly [key: string]: unknown;
}

/** One picture of an animation: what changes in which traces. */
export interface Frame {
  readonly name: string;
  readonly traces: readonly number[];
  readonly data: readonly Partial<Trace>[];
  readonly layout?: Readonly<Record<string, unknown>>;
}

/** A plotly figure: plain data, ready for `Plotly.newPlot`. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly frames?: readonly Frame[];
  readonly config?: Readonly<Record<string, unknown>>;
}
