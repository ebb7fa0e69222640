/**
 * Colours: the scales used for fields and errors, and the range that a field's values span.
 *
 * @module
 */
import type { Colorscale } from "./types.ts";

/** For fields: even in lightness, readable without colour vision. */
export const FIELD_SCALE: Colorscale = "Viridis";

/** For errors: none is nearly white, much is dark red (ColorBrewer's OrRd). */
export const ERROR_SCALE: Colorscale = [
  [0, "#f7f7f5"],
  [0.2, "#fdd49e"],
  [0.45, "#fc8d59"],
  [0.75, "#d7301f"],
  [1, "#7f0000"],
];

/** For edges, told from nodes' scale: pale to dark blue (ColorBrewer's Blues). */
export const EDGE_COLORS: readonly string[] = [
  "#c6dbef",
  "#9ecae1",
  "#6baed6",
  "#4292c6",
  "#2171b5",
  "#08519c",
  "#08306b",
];

/** The same as a scale of steps, as lines have one colour of so many. */
export const EDGE_SCALE: Colorscale = EDGE_COLORS.flatMap((
  color,
  n,
): (readonly [number, string])[] => [
  [n / EDGE_COLORS.length, color],
  [(n + 1) / EDGE_COLORS.length, color],
]);

/** For shares and counts: none is white, all is dark blue. */
export const SHARE_SCALE: Colorscale = [[0, "#ffffff"], [0.5, "#6baed6"], [1, "#08306b"]];

/** What is there but has no value. */
export const NO_VALUE = "#b4bac2";

/** The colours of curves, in order (Okabe and Ito, 2008: told apart by all). */
export const CURVE_COLORS: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
];

/** Least and greatest finite value over all arrays, or null where there is none. */
export function finiteRange(arrays: Iterable<ArrayLike<number>>): [number, number] | null {
  let low = Infinity, high = -Infinity;
  for (const values of arrays) {
    for (let n = 0; n < values.length; n++) {
      const v = values[n]!;
      if (!Number.isFinite(v)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return low <= high ? [low, high] : null;
}

/** WebGL has no colour for NaN: what is not finite is shown at the scale's upper end, `top`. */
export function finiteOrTop(values: Float32Array, top: number): Float32Array {
  return values.map((v) => Number.isFinite(v) ? v : top);
}

/** The value that a share `q` of the finite values does not exceed; 0 where there is none. */
export function quantile(arrays: Iterable<ArrayLike<number>>, q: number): number {
  const finite: number[] = [];
  for (const values of arrays) {
    for (let n = 0; n < values.length; n++) {
      if (Number.isFinite(values[n]!)) finite.push(values[n]!);
    }
  }
  if (finite.length === 0) return 0;
  const sorted = Float64Array.from(finite).sort();
  return sorted[Math.ceil(q * (sorted.length - 1))]!;
}

/**
 * The range of values that a colour scale spans: the one asked for, else from the least to the
 * greatest finite value.
 *
 * @throws {RangeError} If the range asked for is empty, or no value is finite.
 */
export function colorRange(
  asked: readonly [number, number] | undefined,
  arrays: Iterable<ArrayLike<number>>,
  what: string,
): [number, number] {
  if (asked !== undefined) {
    if (asked[0] < asked[1]) return [...asked];
    throw new RangeError(
      `Cannot draw ${what} as its range must go from a lesser to a greater value: got ` +
        `[${asked.join(", ")}]`,
    );
  }
  const range = finiteRange(arrays);
  if (range === null) {
    throw new RangeError(
      `Cannot draw ${what} as none of its values is finite (look for NaN where it was computed)`,
    );
  }
  return widen(range);
}

/** A range of a width that colours can show: one value alone gets room on both sides. */
function widen([low, high]: readonly [number, number]): [number, number] {
  if (high > low) return [low, high];
  const room = Math.abs(low) > 0 ? Math.abs(low) * 0.1 : 1;
  return [low - room, low + room];
}
