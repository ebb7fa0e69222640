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
  /** CSS colour. */
  readonly color?: string;
  /** Pixels. */
  readonly width?: number;
  /** `"solid"`, `"dot"`, `"dash"`. */
  readonly dash?: string;
}

/** Colour, size and shape of points. */
export interface Marker {
  /** One CSS colour, or a value for each point on the colour axis. */
  readonly color?: string | Column;
  /** The layout key of the colour scale. */
  readonly coloraxis?: string;
  /** Pixels, of all points or of each. */
  readonly size?: number | Column;
  /** Plotly's name of the shape, `"circle"` by default. */
  readonly symbol?: string;
  /** Degrees by which each point's shape is turned, clockwise from upwards. */
  readonly angle?: Column;
  /** From 0, unseen, to 1. */
  readonly opacity?: number;
  /** The outline. */
  readonly line?: Line;
}

/** A triangle mesh, coloured by a value per node. */
export interface Mesh3dTrace {
  /** The kind of trace. */
  readonly type: "mesh3d";
  /** Name in legends. */
  readonly name?: string;
  /** First coordinate of each node. */
  readonly x: Column;
  /** Second coordinate of each node. */
  readonly y: Column;
  /** Third coordinate of each node. */
  readonly z: Column;
  /** First node of each triangle. */
  readonly i: Column;
  /** Second node of each triangle. */
  readonly j: Column;
  /** Third node of each triangle. */
  readonly k: Column;
  /** The value of each node that the colour shows. */
  readonly intensity?: Column;
  /** One colour for all triangles, where there is no field. */
  readonly color?: string;
  /** The layout key of the colour scale. */
  readonly coloraxis?: string;
  /** The layout key of the scene that the mesh stands in. */
  readonly scene?: string;
  /** Whether each triangle has one shade, rather than smooth shades across edges. */
  readonly flatshading?: boolean;
  /** Shares of ambient, diffuse and specular light. */
  readonly lighting?: Readonly<Record<string, number>>;
  /** What the pointer shows. */
  readonly hoverinfo?: string;
  /** The text that the pointer shows. */
  readonly hovertemplate?: string;
  /** Whether a colour bar of its own is shown. */
  readonly showscale?: boolean;
}

/** Lines or points in a 3-D scene; a gap (`null`, NaN when packed) ends a segment. */
export interface Scatter3dTrace {
  /** The kind of trace. */
  readonly type: "scatter3d";
  /** What is drawn. */
  readonly mode: "lines" | "markers" | "markers+text";
  /** Name in legends. */
  readonly name?: string;
  /** First coordinate of each point. */
  readonly x: Column;
  /** Second coordinate of each point. */
  readonly y: Column;
  /** Third coordinate of each point. */
  readonly z: Column;
  /** How the lines look. */
  readonly line?: Line;
  /** How the points look. */
  readonly marker?: Marker;
  /** The words of each point. */
  readonly text?: readonly string[];
  /** Where words stand, such as `"top center"`. */
  readonly textposition?: string;
  /** The text that the pointer shows. */
  readonly hovertemplate?: string;
  /** The layout key of the scene that the lines stand in. */
  readonly scene?: string;
  /** What the pointer shows. */
  readonly hoverinfo?: string;
  /** Whether the legend lists it. */
  readonly showlegend?: boolean;
}

/** A curve or points in the plane. */
export interface ScatterTrace {
  /** The kind of trace. */
  readonly type: "scatter";
  /** What is drawn. */
  readonly mode: "lines" | "markers" | "lines+markers" | "markers+text";
  /** Name in the legend. */
  readonly name: string;
  /** Horizontal coordinate of each point. */
  readonly x: Column;
  /** Vertical coordinate of each point. */
  readonly y: Column;
  /** How the line looks. */
  readonly line?: Line;
  /** How the points look. */
  readonly marker?: Marker;
  /** The words of each point. */
  readonly text?: readonly string[];
  /** Where words stand, such as `"top center"`. */
  readonly textposition?: string;
  /** The layout key of the horizontal axis, `"x"` by default. */
  readonly xaxis?: string;
  /** The layout key of the vertical axis, `"y"` by default. */
  readonly yaxis?: string;
  /** From 0, unseen, to 1. */
  readonly opacity?: number;
  /** What the pointer shows. */
  readonly hoverinfo?: string;
  /** The text that the pointer shows. */
  readonly hovertemplate?: string;
  /** Traces of a group are switched together. */
  readonly legendgroup?: string;
  /** Whether the legend lists it. */
  readonly showlegend?: boolean;
}

/** Cones in a 3-D scene: points with a direction. */
export interface ConeTrace {
  /** The kind of trace. */
  readonly type: "cone";
  /** Name in legends. */
  readonly name?: string;
  /** First coordinate of each point. */
  readonly x: Column;
  /** Second coordinate of each point. */
  readonly y: Column;
  /** Third coordinate of each point. */
  readonly z: Column;
  /** First component of each direction. */
  readonly u: Column;
  /** Second component of each direction. */
  readonly v: Column;
  /** Third component of each direction. */
  readonly w: Column;
  /** What a direction's length means: `"raw"`, a length of the scene. */
  readonly sizemode: "raw";
  /** The length of a cone whose direction has length 1. */
  readonly sizeref: number;
  /** One colour at both ends, as cones know scales alone. */
  readonly colorscale: Colorscale;
  /** Whether a colour bar of its own is shown. */
  readonly showscale: boolean;
  /** What the pointer shows. */
  readonly hoverinfo?: string;
}

/** A matrix of coloured cells. */
export interface HeatmapTrace {
  /** The kind of trace. */
  readonly type: "heatmap";
  /** Name in legends. */
  readonly name?: string;
  /** The heading of each column. */
  readonly x: readonly string[];
  /** The heading of each row. */
  readonly y: readonly string[];
  /** The value of each cell, row by row; `null` is a gap. */
  readonly z: readonly (readonly (number | null)[])[];
  /** The words in each cell. */
  readonly text?: readonly (readonly string[])[];
  /** How words are shown: `"%{text}"`. */
  readonly texttemplate?: string;
  /** The layout key of the colour scale. */
  readonly coloraxis: string;
  /** Pixels between cells. */
  readonly xgap?: number;
  /** Pixels between cells. */
  readonly ygap?: number;
  /** The layout key of the horizontal axis, `"x"` by default. */
  readonly xaxis?: string;
  /** The layout key of the vertical axis, `"y"` by default. */
  readonly yaxis?: string;
  /** The text that the pointer shows. */
  readonly hovertemplate?: string;
}

/** Bars, one for each place on the horizontal axis. */
export interface BarTrace {
  /** The kind of trace. */
  readonly type: "bar";
  /** Name in the legend. */
  readonly name: string;
  /** The place of each bar. */
  readonly x: Column;
  /** The height of each bar. */
  readonly y: Column;
  /** How the bars look. */
  readonly marker?: Marker;
  /** The text that the pointer shows. */
  readonly hovertemplate?: string;
}

/** Any trace that this library builds. */
export type Trace =
  | Mesh3dTrace
  | Scatter3dTrace
  | ScatterTrace
  | ConeTrace
  | HeatmapTrace
  | BarTrace;

/** A line of text placed on the paper: x and y in [0, 1] of the plot area. */
export interface Annotation {
  /** What it says; `<b>` and `<br>` are understood. */
  readonly text: string;
  /** Horizontal place. */
  readonly x: number;
  /** Vertical place. */
  readonly y: number;
  /** What x is measured on. */
  readonly xref: "paper";
  /** What y is measured on. */
  readonly yref: "paper";
  /** The part of the text that stands at x. */
  readonly xanchor: "left" | "center" | "right";
  /** The part of the text that stands at y. */
  readonly yanchor: "top" | "middle" | "bottom";
  /** No arrow. */
  readonly showarrow: false;
  /** Size in pixels and CSS colour. */
  readonly font?: { readonly size?: number; readonly color?: string };
  /** Pixels upwards. */
  readonly yshift?: number;
}

/** Sizes and parts of a figure; what is not listed here is any other plotly layout key. */
export interface Layout {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels around the plot area: left, right, top, bottom. */
  readonly margin: {
    readonly l: number;
    readonly r: number;
    readonly t: number;
    readonly b: number;
  };
  /** The heading and how it looks. */
  readonly title?: { readonly text: string; readonly [key: string]: unknown };
  /** Texts on the figure. */
  readonly annotations?: readonly Annotation[];
  /** Any other key of plotly's layout. */
  readonly [key: string]: unknown;
}

/** One picture of an animation: what changes in which traces. */
export interface Frame {
  /** What the slider and `Plotly.animate` know it by. */
  readonly name: string;
  /** Which traces change. */
  readonly traces: readonly number[];
  /** What changes in each of them. */
  readonly data: readonly Partial<Trace>[];
  /** What changes in the layout. */
  readonly layout?: Readonly<Record<string, unknown>>;
}

/** A plotly figure: plain data, ready for `Plotly.newPlot`. */
export interface Figure {
  /** The traces, in drawing order. */
  readonly data: readonly Trace[];
  /** Sizes, axes, scenes, texts. */
  readonly layout: Layout;
  /** The pictures of an animation. */
  readonly frames?: readonly Frame[];
  /** How the figure behaves in a page. */
  readonly config?: Readonly<Record<string, unknown>>;
}
