/** Colour axes of a layout: a scale, the values at its ends, and the bar that shows it. @module */
import type { Domain } from "./scene.ts";
import type { Colorscale } from "./types.ts";

/** A layout's colour axis. */
export function colorAxis(
  [cmin, cmax]: readonly [number, number],
  colorscale: Colorscale,
  colorbar: unknown,
): Readonly<Record<string, unknown>> {
  return { colorscale, cmin, cmax, colorbar };
}

/** A colour bar with a title, right of all that is drawn. */
export function colorbarBeside(title: string): unknown {
  return {
    title: { text: title, side: "right" },
    thickness: 14,
    len: 1,
    ypad: 0,
    nticks: 6,
    outlinewidth: 0,
    x: 1.01,
    xanchor: "left",
  };
}

/** A colour bar along panels, from the first to the last of them: right of them, or below. */
export function colorbarAlong(side: "right" | "below", first: Domain, last: Domain): unknown {
  const common = { thickness: 12, outlinewidth: 0, tickfont: { size: 11 }, nticks: 6 };
  if (side === "right") {
    const [bottom, top] = [last.y[0], first.y[1]];
    return {
      ...common,
      x: 1.012,
      xanchor: "left",
      y: (bottom + top) / 2,
      len: top - bottom,
      ypad: 0,
    };
  }
  const [left, right] = [first.x[0], last.x[1]];
  return {
    ...common,
    orientation: "h",
    x: (left + right) / 2,
    len: right - left,
    xpad: 0,
    y: 0,
    ypad: 6,
    yanchor: "top",
  };
}
