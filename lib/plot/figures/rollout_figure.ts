/** A rollout as an animation: truth beside prediction beside error, on the mesh itself. @module */
import { animationControls, framesShown } from "../animation.ts";
import { type ArrayInput, realColumn } from "../arrays.ts";
import { colorAxis, colorbarAlong } from "../color_axis.ts";
import { errorOf, type FieldFrames, frameOf, readFrames } from "../field.ts";
import { displayFigure } from "../figure.ts";
import { type MeshInput, type PlotMesh, readMeshInput } from "../mesh.ts";
import { edgeTrace, surfaceTrace } from "../mesh_traces.ts";
import { colorRange, ERROR_SCALE, FIELD_SCALE, finiteOrTop, quantile } from "../scale.ts";
import {
  arrange,
  type Arrangement,
  baseLayout,
  CONFIG,
  heading,
  type Margin,
  PLANE_CONFIG,
  scene,
  sceneName,
  stacks,
} from "../scene.ts";
import type { Colorscale, Figure, Frame, Mesh3dTrace, Scatter3dTrace } from "../types.ts";

/** The frames that {@linkcode rolloutFigure} shows: `[T, V]`, or vectors `[T, V, C]`. */
export interface Rollout {
  /** What is true. */
  readonly truth: ArrayInput;
  /** Of the same shape as the truth. Without it the truth alone is animated. */
  readonly prediction?: ArrayInput;
}

/** Options of {@linkcode rolloutFigure}. */
export interface RolloutFigureOptions {
  /** What is shown, with its unit, e.g. `"speed (m/s)"`. */
  readonly name?: string;
  /** The figure's heading. */
  readonly title?: string;
  /** Time between two frames; the slider then shows times rather than numbers of steps. */
  readonly dt?: number;
  /** Show each `every`-th frame only (default 1). */
  readonly every?: number;
  /** Colour range of truth and prediction; the truth's own by default. */
  readonly range?: readonly [number, number];
  /** A plotly scale's name, or stops; Viridis by default. */
  readonly colorscale?: Colorscale;
  /** Width of the figure in pixels, 900 by default; the height follows the mesh. */
  readonly width?: number;
}

/** One picture of the animation and how its values become colours. */
interface Panel {
  readonly title: string;
  readonly coloraxis: "coloraxis" | "coloraxis2";
  readonly values: (frame: number) => Float32Array;
}

/** Room for headings, for colour bars on the right or below, and for the controls. */
function marginFor(title: string | undefined, bars: "right" | "below"): Margin {
  const top = title === undefined ? 40 : 66;
  return bars === "right" ? { l: 12, r: 84, t: top, b: 92 } : { l: 12, r: 12, t: top, b: 140 };
}

/**
 * Animates a field on a mesh, with a slider and a play button: the truth, beside it the prediction
 * on the same colour scale, beside that the absolute error on its own. Of vectors the length is
 * shown, and as error the length of the difference.
 *
 * Colours span the truth's range, so that a diverging prediction saturates rather than hides the
 * truth; the error's scale ends at the 99.5th percentile. Values that are not finite take the
 * colour of the scale's upper end, and the panel's heading says so. 100 frames of 1,200 nodes make
 * about 2 MB of JSON.
 *
 * @throws {TypeError} If a shape does not fit the mesh, or truth and prediction differ in shape.
 * @throws {RangeError} If the mesh is empty, or the truth has no finite value.
 *
 * @example
 * ```ts
 * import { rolloutFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { points: [[0, 0], [1, 0], [0, 1]], triangles: [[0, 1, 2]] };
 * const truth = [[0, 1, 2], [1, 2, 3]];
 * const prediction = [[0, 1, 2], [1, 2, 4]];
 * const figure = rolloutFigure(mesh, { truth, prediction }, { name: "pressure", dt: 0.01 });
 * assertEquals(figure.frames?.length, 2);
 * assertEquals(figure.frames?.[1]?.data[2], { intensity: [0, 0, 1] });
 * ```
 */
export function rolloutFigure(
  mesh: MeshInput,
  rollout: Rollout,
  options: RolloutFigureOptions = {},
): Figure {
  const plotMesh = readMeshInput(mesh);
  const truth = readFrames(rollout.truth, plotMesh.numPoints, "the truth");
  const prediction = rollout.prediction === undefined
    ? undefined
    : readFrames(rollout.prediction, plotMesh.numPoints, "the prediction");
  if (prediction) checkSameShape(truth, prediction);
  const shown = framesShown(truth.numFrames, options.every ?? 1, "a rollout");
  const panels = panelsOf(truth, prediction, options.name ?? "", shown);
  const bars = panels.length === 1 || stacks(plotMesh) ? "right" : "below";
  const margin = marginFor(options.title, bars);
  const place = arrange(plotMesh, panels.length, options.width ?? 900, margin);
  const axes = colorAxes(panels, shown, place, bars, options);
  return displayFigure({
    data: [
      ...panels.map((panel, n): Mesh3dTrace => ({
        ...surfaceTrace(
          plotMesh,
          finiteOrTop(panel.values(shown[0]!), axes.tops[panel.coloraxis]!),
        ),
        coloraxis: panel.coloraxis,
        scene: sceneName(n),
      })),
      ...outlines(plotMesh, panels.length),
    ],
    layout: {
      ...baseLayout(options.title, place, margin),
      ...Object.fromEntries(
        panels.map((_, n) => [sceneName(n), scene(plotMesh, place, n, margin)]),
      ),
      ...axes.layout,
      annotations: panels.filter((panel) => panel.title !== "")
        .map((panel, n) => heading(place.domains[n]!, panel.title)),
      ...animationControls(shown, { dt: options.dt, top: bars === "right" ? 0 : 48 }),
    },
    frames: shown.map((frame): Frame => ({
      name: String(frame),
      traces: panels.map((_, n) => n),
      data: panels.map((panel) => ({
        intensity: realColumn(finiteOrTop(panel.values(frame), axes.tops[panel.coloraxis]!)),
      })),
    })),
    config: plotMesh.dimension === 2 ? PLANE_CONFIG : CONFIG,
  });
}

function checkSameShape(truth: FieldFrames, prediction: FieldFrames): void {
  if (truth.numFrames === prediction.numFrames && truth.width === prediction.width) return;
  const describe = (f: FieldFrames): string => `${f.numFrames} frames of ${f.width} components`;
  throw new TypeError(
    `Cannot draw a rollout as truth and prediction must have the same shape: truth has ` +
      `${describe(truth)}, prediction ${describe(prediction)}`,
  );
}

function panelsOf(
  truth: FieldFrames,
  prediction: FieldFrames | undefined,
  name: string,
  shown: readonly number[],
): Panel[] {
  const noteOn = (frames: FieldFrames): string => {
    const bad = shown.find((t) => !frameOf(frames, t).every(Number.isFinite));
    return bad === undefined ? name : `not finite from step ${bad} on`;
  };
  const first: Panel = {
    title: prediction ? `<b>Truth</b>  ${noteOn(truth)}` : noteOn(truth),
    coloraxis: "coloraxis",
    values: (frame) => frameOf(truth, frame),
  };
  if (!prediction) return [first];
  return [
    first,
    {
      title: `<b>Prediction</b>  ${noteOn(prediction)}`,
      coloraxis: "coloraxis",
      values: (frame) => frameOf(prediction, frame),
    },
    {
      title: "<b>Absolute error</b>",
      coloraxis: "coloraxis2",
      values: (frame) => errorOf(truth, prediction, frame),
    },
  ];
}

/** The upper ends of both colour scales, and the layout keys that define them. */
function colorAxes(
  panels: readonly Panel[],
  shown: readonly number[],
  place: Arrangement,
  bars: "right" | "below",
  options: RolloutFigureOptions,
): { tops: Record<string, number>; layout: Record<string, unknown> } {
  const [cmin, cmax] = colorRange(options.range, shown.map(panels[0]!.values), "a rollout's truth");
  const bar = (from: number, to: number): unknown =>
    colorbarAlong(bars, place.domains[from]!, place.domains[to]!);
  const layout: Record<string, unknown> = {
    coloraxis: colorAxis(
      [cmin, cmax],
      options.colorscale ?? FIELD_SCALE,
      bar(0, Math.max(0, panels.length - 2)),
    ),
  };
  if (panels.length === 1) return { tops: { coloraxis: cmax }, layout };
  const worst = quantile(shown.map(panels[2]!.values), 0.995) || 1e-6 * Math.abs(cmax) || 1;
  layout.coloraxis2 = colorAxis([0, worst], ERROR_SCALE, bar(2, 2));
  return { tops: { coloraxis: cmax, coloraxis2: worst }, layout };
}

function outlines(mesh: PlotMesh, count: number): Scatter3dTrace[] {
  if (mesh.dimension === 3) return [];
  const outline = edgeTrace(mesh, "boundary");
  return Array.from({ length: count }, (_, n) => ({ ...outline, scene: sceneName(n) }));
}
