/** Figures as HTML: an element for a notebook, a whole page for a file. @module */
import { escapeHtml } from "../base/mod.ts";
import { scriptJson } from "./escape.ts";
import { PLOTLY_CDN_SCRIPT, PLOTLY_CDN_URL, plotlyInlineScript } from "./plotly_source.ts";
import { type Table, tableHtml } from "./table.ts";
import type { Figure } from "./types.ts";

/** Options of {@linkcode toHtml}. */
export interface HtmlOptions {
  /**
   * `"inline"` (default): plotly is part of the page, which opens offline; `"cdn"`: loaded when
   * opened.
   */
  readonly plotly?: "inline" | "cdn";
  /** The page's title and heading. */
  readonly title?: string;
  /** A paragraph, or several, below the heading. */
  readonly text?: string | readonly string[];
  /** Tables above the figures. */
  readonly tables?: readonly Table[];
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #f4f5f7; color: #1f2933;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
figure > div { margin: 0 auto; }
main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 23px; line-height: 1.25; margin: 0 0 6px; }
p { margin: 4px 0 12px; max-width: 76ch; color: #4b5563; }
figure { margin: 16px 0; padding: 14px; background: #fff; border-radius: 8px;
  box-shadow: 0 1px 3px rgb(0 0 0 / 14%); }
`;

/**
 * What a page runs for each figure: waits for plotly (a notebook's later outputs may come before
 * the one that holds it), and draws. A figure wider than its place is made smaller in its
 * proportions.
 */
const DRAW = `(figure, id) => {
  const element = document.getElementById(id);
  const fit = ({ layout }) => {
    if (!layout.width || !layout.height || !layout.margin) return;
    const { width, height, margin: { l, r, t, b } } = layout;
    const share = (element.clientWidth - l - r) / (width - l - r);
    if (share > 0 && share < 1) {
      layout.width = element.clientWidth;
      layout.height = t + b + (height - t - b) * share;
    }
    element.style.width = layout.width + "px";
    element.style.minHeight = layout.height + "px";
  };
  const draw = () => {
    fit(figure);
    window.Plotly.newPlot(element, figure);
  };
  const fetchPlotly = () => {
    const script = document.createElement("script");
    script.src = "${PLOTLY_CDN_URL}";
    script.onload = draw;
    script.onerror = () => element.textContent = "No plotly: restart the kernel and run all cells";
    document.head.append(script);
  };
  const wait = (tries) => {
    if (window.Plotly) draw();
    else if (tries > 0) setTimeout(wait, 100, tries - 1);
    else fetchPlotly();
  };
  wait(30);
}`;

/** An element that holds a figure, and the script that draws it once plotly is there. */
export function figureElement(figure: Figure, id: string): string {
  // The height is set at once, so that a page or a notebook doesn't jump when the figure is drawn.
  return `<div id="${id}" style="min-height:${figure.layout.height}px"></div>
<script>(${DRAW})(${scriptJson(figure)}, "${id}");</script>`;
}

/**
 * Makes one page of one figure or several: heading, text, tables, figures. By default it holds
 * plotly itself (4.8 MB) and opens offline.
 *
 * @throws {Error} If plotly is to be inlined and cannot be had.
 *
 * @example
 * ```ts
 * import { lossFigure, toHtml } from "@meshwork/meshwork/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const page = await toHtml(lossFigure({ train: [1, 0.5, 0.25] }), { plotly: "cdn", title: "Run 1" });
 * assertStringIncludes(page, "<h1>Run 1</h1>");
 * ```
 */
export async function toHtml(
  figures: Figure | readonly Figure[],
  options: HtmlOptions = {},
): Promise<string> {
  const list: readonly Figure[] = Array.isArray(figures) ? figures : [figures as Figure];
  const title = escapeHtml(options.title ?? "Figure");
  const paragraphs = [options.text ?? []].flat().map((text) => `<p>${escapeHtml(text)}</p>`);
  const library = options.plotly === "cdn" ? PLOTLY_CDN_SCRIPT : await plotlyInlineScript();
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    library,
    `</head>`,
    `<body>`,
    `<main>`,
    ...(options.title === undefined ? [] : [`<h1>${title}</h1>`]),
    ...paragraphs,
    ...(options.tables ?? []).map(tableHtml),
    ...list.map((figure, n) => `<figure>${figureElement(figure, `figure-${n + 1}`)}</figure>`),
    `</main>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}
