/** Figures as HTML: an element for a notebook, a whole page for a file. @module */
import { escapeHtml } from "../base/mod.ts";
import { checkFigure } from "./check_figure.ts";
import { DARK_COLORS } from "./dark_colors.ts";
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
  /** `"light"` (default), `"dark"`, or `"auto"`: as the reader's system has it. */
  readonly theme?: "light" | "dark" | "auto";
  /** The page's title and heading. */
  readonly title?: string;
  /** A paragraph, or several, below the heading. */
  readonly text?: string | readonly string[];
  /** Tables above the figures. */
  readonly tables?: readonly Table[];
}

const LIGHT_PAGE = `:root { color-scheme: light; --page: #f4f5f7; --paper: #ffffff; --ink: #1f2933;
  --text: #4b5563; }`;
const DARK_PAGE = `:root { color-scheme: dark; --page: #0d0f12; --paper: #15181c; --ink: #e6eaee;
  --text: #a3adb8; }`;

const STYLE = `
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
figure > div { margin: 0 auto; }
main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 23px; line-height: 1.25; margin: 0 0 6px; }
p { margin: 4px 0 12px; max-width: 76ch; color: var(--text); }
figure { margin: 16px 0; padding: 14px; background: var(--paper); border-radius: 8px;
  box-shadow: 0 1px 3px rgb(0 0 0 / 14%); }
`;

/** The style of a page in each theme. */
const PAGE_STYLES = {
  light: LIGHT_PAGE + STYLE,
  dark: DARK_PAGE + STYLE,
  auto: `${LIGHT_PAGE}\n@media (prefers-color-scheme: dark) { ${DARK_PAGE} }${STYLE}`,
} as const;

/**
 * What a page runs for each figure: waits for plotly (a notebook's later outputs may come before
 * the one that holds it), and draws. A figure wider than its place is made smaller in its
 * proportions. In a dark page its colours are looked up first; JupyterLab and VS Code say so in
 * attributes of the body.
 */
const DRAW = `(light, id, theme) => {
  const element = document.getElementById(id);
  const { jpThemeLight, vscodeThemeKind = "" } = document.body.dataset;
  const isDark = theme === "dark" ||
    theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches ||
    theme === "notebook" && (jpThemeLight === "false" || vscodeThemeKind.includes("dark"));
  const dark = ${JSON.stringify(DARK_COLORS)};
  const figure = isDark
    ? JSON.parse(JSON.stringify(light), (_, v) => typeof v === "string" ? dark[v] ?? v : v)
    : light;
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
export function figureElement(
  figure: Figure,
  id: string,
  theme: keyof typeof PAGE_STYLES | "notebook",
): string {
  checkFigure(figure);
  // The height is set at once, so that a page or a notebook doesn't jump when the figure is drawn.
  return `<div id="${id}" style="min-height:${figure.layout.height}px"></div>
<script>(${DRAW})(${scriptJson(figure)}, "${id}", "${theme}");</script>`;
}

/**
 * Makes one page of one figure or several: heading, text, tables, figures. By default it holds
 * plotly itself (4.8 MB) and opens offline.
 *
 * @throws {Error} If plotly is to be inlined and cannot be had.
 * @throws {TypeError} If a figure has no trace, or the columns of one differ in length.
 * @throws {RangeError} If there is no such theme, or a triangle names a point that is not there.
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
  const theme = options.theme ?? "light";
  if (!(theme in PAGE_STYLES)) {
    throw new RangeError(
      `Cannot make a page as its theme is "light", "dark" or "auto": got ${String(theme)}`,
    );
  }
  const paragraphs = [options.text ?? []].flat().map((text) => `<p>${escapeHtml(text)}</p>`);
  const library = options.plotly === "cdn" ? PLOTLY_CDN_SCRIPT : await plotlyInlineScript();
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${title}</title>`,
    `<style>${PAGE_STYLES[theme]}</style>`,
    library,
    `</head>`,
    `<body>`,
    `<main>`,
    ...(options.title === undefined ? [] : [`<h1>${title}</h1>`]),
    ...paragraphs,
    ...(options.tables ?? []).map(tableHtml),
    ...list.map((figure, n) =>
      `<figure>${figureElement(figure, `figure-${n + 1}`, theme)}</figure>`
    ),
    `</main>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}
