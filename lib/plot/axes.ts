/** Axes of figures in the plane. @module */

/** How an axis with numbers looks. */
export const AXIS: Readonly<Record<string, unknown>> = {
  showline: true,
  linecolor: "#8a94a0",
  gridcolor: "#e5e8ec",
  zeroline: false,
};

/** An axis that is not seen. */
export const HIDDEN_AXIS: Readonly<Record<string, unknown>> = {
  visible: false,
  showspikes: false,
};

/** An axis with numbers and a title. */
export function axis(title: string): Readonly<Record<string, unknown>> {
  return { ...AXIS, title: { text: title } };
}

/** The name of a trace's n-th axis: `x`, `x2`, … */
export function axisName(letter: "x" | "y", n: number): string {
  return n === 0 ? letter : `${letter}${n + 1}`;
}

/** The layout key of the n-th axis: `xaxis`, `xaxis2`, … */
export function axisKey(letter: "x" | "y", n: number): string {
  return `${letter}axis${n === 0 ? "" : n + 1}`;
}
