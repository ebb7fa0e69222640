/** A figure that shows itself: drawn in a notebook, one line of text in a terminal. @module */
import { displayable, type MimeBundle } from "../base/mod.ts";
import { columnLength } from "./check_figure.ts";
import { figureElement } from "./html.ts";
import { plotlyInlineScript } from "./plotly_source.ts";
import type { Figure } from "./types.ts";

/** Plotly goes into a notebook once, with the first figure; later figures find it in the page. */
let librarySent = false;

/** Gives a figure its appearance; every builder's result passes through here. */
export function displayFigure(figure: Figure): Figure {
  return displayable(figure, {
    text: () => describeFigure(figure),
    bundle: () => figureBundle(figure),
  });
}

/** One line about a figure: `Figure(mesh3d: 1121 points, scatter3d: 360 points; 100 frames)`. */
export function describeFigure(figure: Figure): string {
  const traces = figure.data.map((trace) =>
    trace.type === "heatmap"
      ? `heatmap: ${trace.y.length} x ${trace.x.length}`
      : `${trace.type}: ${columnLength(trace.x)} points`
  );
  const parts = traces.length > 4 ? [...traces.slice(0, 3), `${traces.length - 3} more`] : traces;
  const frames = figure.frames?.length ? `; ${figure.frames.length} frames` : "";
  return `Figure(${parts.join(", ")}${frames})`;
}

/**
 * The forms of a figure: plotly's own for viewers that know it, HTML for the others, a line of
 * text.
 */
export async function figureBundle(figure: Figure): Promise<MimeBundle> {
  const { data, layout, config, frames } = figure;
  const element = figureElement(figure, `figure-${crypto.randomUUID()}`, "notebook");
  return {
    "application/vnd.plotly.v1+json": { data, layout, config: config ?? {}, frames: frames ?? [] },
    "text/html": (await libraryOnce()) + element,
    "text/plain": describeFigure(figure),
  };
}

/** The script element with plotly the first time in this kernel, nothing from then on. */
export async function libraryOnce(): Promise<string> {
  if (librarySent) return "";
  librarySent = true;
  return await plotlyInlineScript();
}
