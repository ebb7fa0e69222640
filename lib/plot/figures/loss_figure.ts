/** Losses over training. @module */
import { formatShape } from "../../base/mod.ts";
import { type ArrayInput, readArray, realColumn } from "../arrays.ts";
import { axis } from "../axes.ts";
import { displayFigure } from "../figure.ts";
import { CURVE_COLORS, finiteRange } from "../scale.ts";
import { baseLayout, CONFIG, type Margin, notes } from "../scene.ts";
import type { Figure, Layout, ScatterTrace } from "../types.ts";

/** One curve: values at steps 1, 2, 3, …, or at steps of their own. */
export type LossSeries = ArrayInput | {
  /** The step of each value. */
  readonly steps: ArrayInput;
  /** The values. */
  readonly values: ArrayInput;
};

/** Options of {@linkcode lossFigure}. */
export interface LossFigureOptions {
  /** The figure's heading. */
  readonly title?: string;
  /** The horizontal axis's title, `"step"` by default. */
  readonly xTitle?: string;
  /** The vertical axis's title, `"loss"` by default. */
  readonly yTitle?: string;
  /**
   * Weight in [0, 1) of the past in an exponential mean, e.g. 0.9, drawn over the pale raw curve of
   * series with more than 50 values; 0 (default) draws the raw curves alone.
   */
  readonly smoothing?: number;
  /** Width in pixels, 900 by default. */
  readonly width?: number;
  /** Height in pixels, 360 by default. */
  readonly height?: number;
}

/** Longer curves are thinned to about so many points, which is more than the screen has pixels. */
const MAX_POINTS = 2000;
/** Shorter curves, such as a validation now and then, are not smoothed. */
const SMOOTH_ABOVE = 50;
const MARGIN: Margin = { l: 70, r: 20, t: 44, b: 50 };

/**
 * Draws losses over steps, on a logarithmic axis where there are positive values that differ by
 * half or more.
 *
 * Values that are not finite are gaps, on that axis also those that are not positive; a note says
 * how many. Curves of more than 2,000 points are thinned evenly, after smoothing.
 *
 * @throws {TypeError} If a series' steps and values differ in length, or are no lists of numbers.
 * @throws {RangeError} If there is no series, or `smoothing` is not in [0, 1).
 *
 * @example
 * ```ts
 * import { lossFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = lossFigure({
 *   train: [1, 0.5, 0.25, 0.125],
 *   valid: { steps: [2, 4], values: [0.6, 0.2] },
 * });
 * assertEquals(figure.data.map((trace) => trace.name), ["train", "valid"]);
 * ```
 */
export function lossFigure(
  series: Readonly<Record<string, LossSeries>>,
  options: LossFigureOptions = {},
): Figure {
  const names = Object.keys(series);
  if (names.length === 0) {
    throw new RangeError("Cannot draw losses as there is no series (pass {train: [...]})");
  }
  const smoothing = options.smoothing ?? 0;
  if (!(smoothing >= 0 && smoothing < 1)) {
    throw new RangeError(
      `Cannot draw losses as smoothing must be in [0, 1): got ${smoothing}`,
    );
  }
  const curves = names.map((name) => readSeries(name, series[name]!));
  const decades = decadesOf(curves);
  const data = curves.flatMap((curve, n) => traces(names[n]!, curve, n, smoothing, decades > 0));
  return displayFigure({
    data,
    layout: { ...layout(options, decades), ...notes(notesOn(curves, decades > 0), 40) },
    config: CONFIG,
  });
}

interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

function notesOn(curves: readonly Curve[], logarithmic: boolean): string[] {
  const all = curves.flatMap(({ values }) => values);
  const infinite = all.filter((v) => !Number.isFinite(v)).length;
  const negative = logarithmic ? all.filter((v) => v <= 0 && Number.isFinite(v)).length : 0;
  const every = Math.max(...curves.map(({ values }) => everyOf(values.length)));
  return [
    ...(every > 1 ? [`one in ${every} values is drawn`] : []),
    ...(all.length === 0 ? ["no values yet"] : []),
    ...(infinite > 0 ? [`values that are not finite: ${infinite}`] : []),
    ...(negative > 0 ? [`values that have no logarithm: ${negative}`] : []),
  ];
}

function readList(values: ArrayInput, name: string): number[] {
  const { shape, data } = readArray(values, `series ${name}`, 1);
  if (shape.length === 1) return Array.from(data);
  throw new TypeError(
    `Cannot draw losses as a series is a list of numbers: ${name} is ${formatShape(shape)}`,
  );
}

function readSeries(name: string, series: LossSeries): Curve {
  const own = typeof series === "object" && series !== null && "steps" in series &&
    "values" in series;
  const values = readList(own ? series.values : series, name);
  const steps = own ? readList(series.steps, name) : values.map((_, n) => n + 1);
  if (steps.length !== values.length) {
    throw new TypeError(
      `Cannot draw losses as series ${name} must have a step for each value: got ` +
        `${steps.length} steps and ${values.length} values`,
    );
  }
  return { steps, values };
}

function traces(
  name: string,
  curve: Curve,
  n: number,
  smoothing: number,
  logarithmic: boolean,
): ScatterTrace[] {
  const color = CURVE_COLORS[n % CURVE_COLORS.length]!;
  const trace = (values: readonly number[], rest: Partial<ScatterTrace>): ScatterTrace => {
    const kept = thin(values.length);
    const y = kept.map((k) => !logarithmic || values[k]! > 0 ? values[k]! : NaN);
    return {
      type: "scatter",
      mode: values.length > SMOOTH_ABOVE ? "lines" : "lines+markers",
      name,
      x: realColumn(kept.map((k) => curve.steps[k]!)),
      y: realColumn(y),
      line: { color, width: 2 },
      hovertemplate: "step %{x}: %{y:.4g}",
      ...rest,
    };
  };
  if (smoothing === 0 || curve.values.length <= SMOOTH_ABOVE) return [trace(curve.values, {})];
  return [
    trace(curve.values, {
      opacity: 0.3,
      line: { color, width: 1 },
      hoverinfo: "skip",
      legendgroup: name,
      showlegend: false,
    }),
    trace(smooth(curve.values, smoothing), { legendgroup: name }),
  ];
}

/** The exponential mean, corrected for its start as Adam's moments are; gaps don't enter it. */
function smooth(values: readonly number[], weight: number): number[] {
  let mean = 0, share = 0;
  return values.map((v) => {
    if (!Number.isFinite(v)) return NaN;
    mean = weight * mean + (1 - weight) * v;
    share = weight * share + (1 - weight);
    return mean / share;
  });
}

/** One in how many points of a curve is drawn. */
function everyOf(length: number): number {
  return Math.max(1, Math.ceil(length / MAX_POINTS));
}

/** Positions of the points to keep: evenly spaced, the last one included. */
function thin(length: number): number[] {
  const every = everyOf(length);
  const kept = Array.from({ length: Math.ceil(length / every) }, (_, n) => n * every);
  if (length > 0 && kept.at(-1) !== length - 1) kept.push(length - 1);
  return kept;
}

/**
 * How many powers of ten the positive values span, at least one; 0 where there is none, or where
 * they lie so near to each other that a linear axis shows more.
 */
function decadesOf(curves: readonly Curve[]): number {
  const positive = curves.map(({ values }) => values.filter((v) => v > 0));
  const range = finiteRange(positive);
  if (range === null || range[1] < 1.5 * range[0]) return 0;
  return Math.max(1, Math.log10(range[1] / range[0]));
}

function layout(options: LossFigureOptions, decades: number): Layout {
  return {
    ...baseLayout(options.title, { width: 900, height: 360, ...options }, MARGIN),
    hovermode: "x unified",
    showlegend: true,
    legend: { x: 1, y: 1, xanchor: "right", yanchor: "top", bgcolor: "rgba(255,255,255,0.7)" },
    xaxis: axis(options.xTitle ?? "step"),
    yaxis: {
      ...axis(options.yTitle ?? "loss"),
      ...(decades > 0 ? { type: "log", exponentformat: "power" } : {}),
      // Over few decades every power of ten alone would be too few labels, every digit too many.
      ...(decades > 0 && decades < 3 ? { dtick: "D2" } : {}),
    },
  };
}
