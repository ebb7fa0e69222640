/** Motion in phase space. @module */
import { formatShape, sameShape } from "../../base/mod.ts";
import { type ArrayInput, readArray, realColumn } from "../arrays.ts";
import { axis, axisKey, axisName } from "../axes.ts";
import { displayFigure } from "../figure.ts";
import { CURVE_COLORS } from "../scale.ts";
import { baseLayout, CONFIG, notes } from "../scene.ts";
import type { Figure, ScatterTrace } from "../types.ts";

/** Positions and momenta (or velocities) over time. */
export interface PhasePath {
  /** `[T]`, `[T, B]` for B bodies, or `[T, B, D]` in D dimensions. */
  readonly position: ArrayInput;
  /** The same shape. */
  readonly momentum: ArrayInput;
}

/** Options of {@linkcode phaseFigure}. */
export interface PhaseFigureOptions {
  /** The name of each body; its number by default. */
  readonly labels?: readonly string[];
  /** The horizontal axis's title, `"position"` by default. */
  readonly xTitle?: string;
  /** The vertical axis's title, `"momentum"` by default. */
  readonly yTitle?: string;
  /** The figure's heading. */
  readonly title?: string;
  /** Pixels, 420 a panel by default. */
  readonly width?: number;
}

const MAX_BODIES = 20;
/** Longer paths are thinned to about so many points. */
const MAX_POINTS = 2000;

/**
 * Draws the paths of bodies in phase space, position against momentum, a panel for each dimension.
 * A point marks where each starts. What is not finite is a gap, and a note says from which step on.
 *
 * @param path T steps of B bodies, at most 20, in D dimensions, at most 3.
 * @throws {TypeError} If positions and momenta differ in shape, or labels are not one for each
 * body.
 * @throws {RangeError} If there are no steps, or too many bodies or dimensions.
 *
 * @example
 * ```ts
 * import { phaseFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const turns = Array.from({ length: 50 }, (_, t) => t / 8);
 * const figure = phaseFigure({ position: turns.map(Math.cos), momentum: turns.map(Math.sin) });
 * assertEquals(figure.data.map(({ name }) => name), ["body 0", "start"]);
 * ```
 */
export function phaseFigure(path: PhasePath, options: PhaseFigureOptions = {}): Figure {
  const { position, momentum, steps, bodies, dimension } = readPath(path);
  const { labels } = options;
  if (labels && labels.length !== bodies) {
    throw new TypeError(
      `Cannot draw phase space as there must be a label for each of ${bodies} bodies: got ` +
        `${labels.length}`,
    );
  }
  const panels = Array.from({ length: dimension }, (_, d) => d);
  const every = Math.ceil(steps / MAX_POINTS);
  const kept = Array.from({ length: Math.ceil(steps / every) }, (_, t) => t * every);
  const column = (data: ArrayLike<number>, body: number, d: number, at = kept) =>
    realColumn(at.map((t) => data[(t * bodies + body) * dimension + d]!));
  const data = panels.flatMap((d) =>
    Array.from({ length: bodies }, (_, body) => {
      const name = labels?.[body] ?? `body ${body}`;
      const color = CURVE_COLORS[body % CURVE_COLORS.length]!;
      const common = {
        ...{ type: "scatter", legendgroup: name, hovertemplate: "%{x:.4g}, %{y:.4g}" } as const,
        ...{ xaxis: axisName("x", d), yaxis: axisName("y", d) },
      };
      const at = (points: number[]) => ({
        x: column(position, body, d, points),
        y: column(momentum, body, d, points),
      });
      return [
        {
          ...{ ...common, ...at(kept), mode: "lines", name, line: { color, width: 1.5 } },
          showlegend: d === 0 && bodies > 1,
        },
        {
          ...{ ...common, ...at([0]), mode: "markers", name: "start", marker: { color, size: 9 } },
          showlegend: false,
        },
      ] satisfies ScatterTrace[];
    }).flat()
  );
  const bad = firstNotFinite(position, momentum);
  const step = Math.floor(bad / (bodies * dimension));
  const width = options.width ?? 100 + 380 * dimension;
  return displayFigure({
    data,
    layout: {
      ...baseLayout(options.title, { width, height: 420 }, {
        ...{ l: 70, r: bodies > 1 ? 110 : 20, t: options.title === undefined ? 20 : 48, b: 70 },
      }),
      ...Object.assign({}, ...panels.map((d) => axes(d, dimension, options))),
      hovermode: "closest",
      ...notes([
        ...(every > 1 ? [`one in ${every} steps is drawn`] : []),
        ...(Number.isFinite(bad) ? [`left out: not finite from step ${step} on`] : []),
      ], 44),
    },
    config: CONFIG,
  });
}

function axes(d: number, dimension: number, options: PhaseFigureOptions): Record<string, unknown> {
  const { xTitle = "position", yTitle = "momentum" } = options;
  const of = dimension > 1 ? ` ${"xyz"[d]}` : "";
  const gap = 0.09;
  const side = (1 - gap * (dimension - 1)) / dimension;
  const left = d * (side + gap);
  return {
    [axisKey("x", d)]: {
      ...axis(xTitle + of),
      domain: [left, Math.min(1, left + side)],
      anchor: axisName("y", d),
    },
    [axisKey("y", d)]: { ...axis(yTitle + of), anchor: axisName("x", d) },
  };
}

interface Path {
  readonly position: ArrayLike<number>;
  readonly momentum: ArrayLike<number>;
  readonly steps: number;
  readonly bodies: number;
  readonly dimension: number;
}

function readPath(path: PhasePath): Path {
  const position = readArray(path.position, "positions");
  const momentum = readArray(path.momentum, "momenta");
  if (!sameShape(position.shape, momentum.shape)) {
    throw new TypeError(
      `Cannot draw phase space as each position has a momentum: got ` +
        `${formatShape(position.shape)} and ${formatShape(momentum.shape)}`,
    );
  }
  const [steps = 0, bodies = 1, dimension = 1] = position.shape;
  const within = (value: number, most: number): boolean => value >= 1 && value <= most;
  if (
    position.shape.length > 3 || steps < 1 || !within(bodies, MAX_BODIES) || !within(dimension, 3)
  ) {
    throw new RangeError(
      `Cannot draw phase space as it has steps, 1 to ${MAX_BODIES} bodies and 1 to 3 dimensions, ` +
        `[T], [T, B] or [T, B, D]: got ${formatShape(position.shape)}`,
    );
  }
  return { position: position.data, momentum: momentum.data, steps, bodies, dimension };
}

/** The place of the first number that is not finite, or Infinity. */
function firstNotFinite(...arrays: ArrayLike<number>[]): number {
  return Math.min(...arrays.map((data) => {
    const at = Array.prototype.findIndex.call(data, (v: number) => !Number.isFinite(v));
    return at < 0 ? Infinity : at;
  }));
}
