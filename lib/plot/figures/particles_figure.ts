/** Particles: at rest, or moving with a slider. @module */
import { animationControls, framesShown } from "../animation.ts";
import { type ArrayInput, readArray, realColumn } from "../arrays.ts";
import { AXIS, axis } from "../axes.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { readValues } from "../field.ts";
import { displayFigure } from "../figure.ts";
import { type Particles, readParticles } from "../particles.ts";
import { colorRange, CURVE_COLORS, FIELD_SCALE, finiteRange } from "../scale.ts";
import { baseLayout, CONFIG, notes } from "../scene.ts";
import type { Colorscale, Figure, Frame, Layout, Marker, Scatter3dTrace } from "../types.ts";
import type { ScatterTrace } from "../types.ts";

/** Options of {@linkcode particlesFigure}. */
export interface ParticlesFigureOptions {
  /**
   * The value of each particle that its colour shows, `[N]`, or vectors, of which the length is.
   */
  readonly color?: ArrayInput;
  /** What the colour is, with its unit: the colour bar's title. */
  readonly name?: string;
  /** The values at the ends of the colour scale. */
  readonly range?: readonly [number, number];
  /** A plotly scale's name, or stops; Viridis by default. */
  readonly colorscale?: Colorscale;
  /** Least and greatest coordinate of each axis, `[D, 2]`; what holds all particles by default. */
  readonly bounds?: ArrayInput;
  /** Time between two frames: the slider then counts time, not steps. */
  readonly dt?: number;
  /** Shows every so-many-th frame only; 1 by default. */
  readonly every?: number;
  /** Pixels across of each particle; by their number by default. */
  readonly size?: number;
  /** The figure's heading. */
  readonly title?: string;
  /** Pixels, 640 by default; the height follows the bounds. */
  readonly width?: number;
}

/**
 * Draws particles in the plane or in space, to scale. Positions of several frames become an
 * animation with a slider and a play button.
 *
 * Particles whose position is not finite are left out, and a note says from which frame on.
 *
 * @param positions `[N, D]`, or `[T, N, D]` for T frames, with D 2 or 3.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If there is no particle, none has a finite position, or an option is out of
 * range.
 *
 * @example
 * ```ts
 * import { particlesFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = particlesFigure([[[0, 0], [1, 1]], [[0, 0.5], [1, 0.5]]], { dt: 0.1 });
 * assertEquals(figure.frames?.[1]?.data[0], { x: [0, 1], y: [0.5, 0.5] });
 * ```
 */
export function particlesFigure(
  positions: ArrayInput,
  options: ParticlesFigureOptions = {},
): Figure {
  const particles = readParticles(positions);
  const { count, numFrames } = particles;
  const colors = options.color === undefined
    ? undefined
    : readValues(options.color, count, "colours of particles", `the ${count} particles`);
  const shown = framesShown(numFrames, options.every ?? 1, "particles");
  const moving = shown.length > 1;
  const bounds = boundsOf(particles, options.bounds);
  return displayFigure({
    data: [trace(particles, colors, options)],
    layout: {
      ...layout(particles, bounds, moving, options),
      ...(colors
        ? {
          coloraxis: colorAxis(
            colorRange(options.range, [colors], "colours of particles"),
            options.colorscale ?? FIELD_SCALE,
            colorbarBeside(options.name ?? ""),
          ),
        }
        : {}),
      ...notes(notesOn(particles, bounds, colors), particles.dimension === 2 ? 24 : 4),
      ...(moving ? animationControls(shown, { dt: options.dt, top: 38 }) : {}),
    },
    ...(moving ? { frames: shown.map((frame) => frameAt(particles, frame)) } : {}),
    config: CONFIG,
  });
}

/** The columns of one frame; a position with a number that is not finite is a gap. */
function columnsAt(
  { count, dimension, data }: Particles,
  frame: number,
): Pick<ScatterTrace, "x" | "y"> & { z?: Scatter3dTrace["z"] } {
  const at = (n: number, c: number): number => data[(frame * count + n) * dimension + c]!;
  const [x, y, z] = Array.from(
    { length: dimension },
    (_, c) => realColumn(Array.from({ length: count }, (_, n) => at(n, c))),
  );
  return z === undefined ? { x: x!, y: y! } : { x: x!, y: y!, z };
}

function frameAt(particles: Particles, frame: number): Frame {
  return { name: String(frame), traces: [0], data: [columnsAt(particles, frame)] };
}

function trace(
  particles: Particles,
  colors: Float32Array | undefined,
  options: ParticlesFigureOptions,
): ScatterTrace | Scatter3dTrace {
  const { count, dimension } = particles;
  const marker: Marker = {
    size: options.size ??
      Math.max(2.5, Math.min(14, 130 / Math.sqrt(count))) / (dimension === 3 ? 2 : 1),
    ...(colors
      ? { color: realColumn(colors), coloraxis: "coloraxis" }
      : { color: CURVE_COLORS[0]! }),
  };
  const rest = {
    mode: "markers",
    name: "particles",
    marker,
    hovertemplate: `particle %{pointNumber}${colors ? ": %{marker.color:.4g}" : ""}<extra></extra>`,
  } as const;
  const { x, y, z } = columnsAt(particles, 0);
  return z === undefined
    ? { type: "scatter", x, y, ...rest }
    : { type: "scatter3d", x, y, z, ...rest };
}

type Bounds = readonly (readonly [number, number])[];

/** The bounds asked for, or those of all frames with a little room. */
function boundsOf(particles: Particles, asked: ArrayInput | undefined): Bounds {
  const { dimension, data } = particles;
  if (asked !== undefined) {
    const { shape, data } = readArray(asked, "bounds");
    if (shape.length !== 2 || shape[0] !== dimension || shape[1] !== 2) {
      throw new TypeError(
        `Cannot draw particles as bounds are [${dimension}, 2], least and greatest of each axis: ` +
          `got [${shape.join(", ")}]`,
      );
    }
    const bounds = Array.from(
      { length: dimension },
      (_, c): readonly [number, number] => [data[2 * c]!, data[2 * c + 1]!],
    );
    const bad = bounds.find(([low, high]) => !(high > low && Number.isFinite(high - low)));
    if (bad === undefined) return bounds;
    throw new RangeError(
      `Cannot draw particles as bounds go from a lesser to a greater coordinate: got ` +
        `[${bad.join(", ")}]`,
    );
  }
  return Array.from({ length: dimension }, (_, c) => {
    const column = Float64Array.from(
      { length: data.length / dimension },
      (_, n) => data[n * dimension + c]!,
    );
    const range = finiteRange([column]);
    if (range === null) {
      throw new RangeError("Cannot draw particles as none of their positions is finite");
    }
    const room = 0.05 * (range[1] - range[0]) || 0.5;
    return [range[0] - room, range[1] + room];
  });
}

function notesOn(
  particles: Particles,
  bounds: Bounds,
  colors: Float32Array | undefined,
): string[] {
  const { data, count, dimension } = particles;
  const outside = Array.prototype.findIndex.call(data, (v: number, i: number) => {
    const [low, high] = bounds[i % dimension]!;
    return v < low || v > high;
  });
  const bad = Array.prototype.findIndex.call(data, (v: number) => !Number.isFinite(v));
  const frame = Math.floor(bad / dimension / count);
  const grey = colors?.filter((v) => !Number.isFinite(v)).length ?? 0;
  return [
    ...(bad < 0 ? [] : [`left out: positions that are not finite, from frame ${frame} on`]),
    ...(outside < 0
      ? []
      : [`out of bounds from frame ${Math.floor(outside / dimension / count)} on`]),
    ...(grey > 0 ? [`particles without a finite value: ${grey}`] : []),
  ];
}

function layout(
  { dimension }: Particles,
  bounds: Bounds,
  moving: boolean,
  options: ParticlesFigureOptions,
): Layout {
  const margin = {
    l: 50,
    r: options.color === undefined ? 16 : 100,
    t: options.title === undefined ? 16 : 48,
    b: moving ? 140 : 44,
  };
  const width = options.width ?? 640;
  const [spanX, spanY] = bounds.map(([low, high]) => high - low) as [number, number];
  const plotWidth = width - margin.l - margin.r;
  const share = dimension === 3 ? 0.8 : Math.min(1.1, Math.max(0.25, spanY / spanX));
  const height = Math.round(plotWidth * share) + margin.t + margin.b;
  const base = baseLayout(options.title, { width, height }, margin);
  if (dimension === 3) {
    const range = (c: number): unknown => ({
      ...AXIS,
      range: bounds[c],
      title: { text: "xyz"[c] },
    });
    const camera = { eye: { x: 1.4, y: -1.6, z: 1.1 } };
    const [xaxis, yaxis, zaxis] = [range(0), range(1), range(2)];
    return { ...base, scene: { xaxis, yaxis, zaxis, camera, aspectmode: "data" } };
  }
  return {
    ...base,
    xaxis: { ...axis(""), range: bounds[0], constrain: "domain" },
    yaxis: { ...axis(""), range: bounds[1], scaleanchor: "x", constrain: "domain" },
    hovermode: "closest",
  };
}
