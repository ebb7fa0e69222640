/**
 * The controls of an animation: a play and a pause button, a slider with a step for each frame.
 *
 * @module
 */

/** Milliseconds a frame is shown for: a pace at which a software renderer keeps up, too. */
const FRAME_MS = 80;

/** Pixels that the buttons take left of the slider. */
const BUTTONS_WIDTH = 104;

/**
 * The frames of an animation that are shown: every so-many-th.
 *
 * @throws {RangeError} If `every` is not a whole number from 1; `what` is what is drawn.
 */
export function framesShown(numFrames: number, every: number, what: string): number[] {
  if (!Number.isInteger(every) || every < 1) {
    throw new RangeError(
      `Cannot draw ${what} as \`every\` is a whole number of frames from 1: got ${every}`,
    );
  }
  return Array.from({ length: Math.ceil(numFrames / every) }, (_, n) => n * every);
}

/**
 * Layout keys that let a figure's frames, each named by its number, be played and scrubbed: they
 * are labelled by time where `dt` is the time of a frame, else by their number; `top` is the
 * distance in pixels from the plot area.
 */
export function animationControls(
  shown: readonly number[],
  { dt, top }: { readonly dt: number | undefined; readonly top: number },
): Record<string, unknown> {
  const digits = dt === undefined ? 0 : Math.max(0, Math.ceil(-Math.log10(dt)));
  const prefix = dt === undefined ? "step " : "t = ";
  const jump = {
    mode: "immediate",
    frame: { duration: 0, redraw: true },
    transition: { duration: 0 },
  };
  const play = { ...jump, frame: { duration: FRAME_MS, redraw: true }, fromcurrent: true };
  const button = (label: string, target: readonly unknown[], options: unknown): unknown => ({
    label,
    method: "animate",
    args: [target, options],
  });
  return {
    updatemenus: [{
      type: "buttons",
      direction: "left",
      showactive: false,
      x: 0,
      y: 0,
      xanchor: "left",
      yanchor: "top",
      pad: { t: top + 26, r: 0 },
      bgcolor: "#ffffff",
      bordercolor: "#c5ccd3",
      buttons: [
        // `null` plays all frames; `[null]` ends what is playing.
        { label: "▶", method: "animate", args: [null, play] },
        button("❚❚", [null], jump),
      ],
    }],
    sliders: [{
      active: 0,
      x: 0,
      len: 1,
      y: 0,
      xanchor: "left",
      yanchor: "top",
      pad: { l: BUTTONS_WIDTH, t: top + 10, b: 4 },
      currentvalue: { prefix, xanchor: "left", font: { size: 13 } },
      font: { size: 10, color: "#6b7280" },
      bgcolor: "#d5dae0",
      activebgcolor: "#0072b2",
      bordercolor: "#d5dae0",
      borderwidth: 0,
      ticklen: 4,
      minorticklen: 0,
      tickcolor: "#9aa3ad",
      transition: { duration: 0 },
      steps: shown.map((frame) =>
        button((frame * (dt ?? 1)).toFixed(digits), [String(frame)], jump)
      ),
    }],
  };
}
