/**
 * Pictures: builders that turn plain numbers into plotly figures, and the ways to show them in a
 * notebook, a page or a terminal.
 *
 * A figure is plain data (`{data, layout, frames, config}`); nothing here runs plotly, which lives
 * in the page that a figure is shown in.
 *
 * @example
 * ```ts
 * import { meshFigure, show } from "@meshwork/meshwork/plot";
 *
 * const mesh = { points: [[0, 0], [1, 0], [0, 1]], triangles: [[0, 1, 2]] };
 * await show(meshFigure(mesh, { field: [0, 1, 2], name: "pressure" }));
 * ```
 *
 * @module
 */
export type { ArrayData, ArrayInput, NestedNumbers } from "./arrays.ts";
export type { Tensor, Tree, TreeOf } from "../tree/mod.ts";
export { type HtmlOptions, toHtml } from "./html.ts";
export { attentionFigure, type AttentionFigureOptions } from "./figures/attention_figure.ts";
export {
  type Confusion,
  confusionFigure,
  type ConfusionFigureOptions,
} from "./figures/confusion_figure.ts";
export { degreeFigure, type DegreeFigureOptions } from "./figures/degree_figure.ts";
export { graphFigure, type GraphFigureOptions } from "./figures/graph_figure.ts";
export { lossFigure, type LossFigureOptions, type LossSeries } from "./figures/loss_figure.ts";
export { meshFigure, type MeshFigureOptions } from "./figures/mesh_figure.ts";
export { type Motion, motionFigure, type MotionFigureOptions } from "./figures/motion_figure.ts";
export { particlesFigure, type ParticlesFigureOptions } from "./figures/particles_figure.ts";
export { phaseFigure, type PhaseFigureOptions, type PhasePath } from "./figures/phase_figure.ts";
export type { GraphInput } from "./graph.ts";
export type { MeshInput } from "./mesh.ts";
export type { ColumnTable } from "./column_table.ts";
export { paramsTable } from "./params_table.ts";
export { type Progress, progress, type ProgressOptions } from "./progress.ts";
export { formatProgress, type ProgressState } from "./progress_format.ts";
export type { ProgressOutput } from "./progress_sinks.ts";
export {
  type Rollout,
  rolloutFigure,
  type RolloutFigureOptions,
} from "./figures/rollout_figure.ts";
export { type LiveFigure, liveFigure, show, type Showable } from "./show.ts";
export { type Table, table, tableHtml, tableText } from "./table.ts";
export { type PngOptions, toPng } from "./png.ts";
export { type Theme, withTheme } from "./theme.ts";
export type {
  Annotation,
  BarTrace,
  Colorscale,
  Column,
  ConeTrace,
  Figure,
  Frame,
  HeatmapTrace,
  Layout,
  Line,
  Marker,
  Mesh3dTrace,
  PackedArray,
  Scatter3dTrace,
  ScatterTrace,
  Trace,
} from "./types.ts";
export { writeHtml } from "./write_html.ts";
