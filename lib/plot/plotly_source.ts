/**
 * The plotly library: its version, and its source as text. It runs in pages, never in Deno.
 *
 * @module
 */
import { escapeScript } from "./escape.ts";

/** The version that pages load; the import map pins the same one. */
export const PLOTLY_VERSION = "4.1.2";

/** Where plotly's makers offer that version. */
export const PLOTLY_CDN_URL: string = `https://cdn.plot.ly/plotly-${PLOTLY_VERSION}.min.js`;

/**
 * A `<script>` element that loads plotly from its makers' network: small pages that need a
 * connection.
 */
export const PLOTLY_CDN_SCRIPT: string =
  `<script charset="utf-8" src="${PLOTLY_CDN_URL}"></script>`;

/**
 * A `<script>` element that holds plotly itself (4.8 MB): pages that open offline.
 *
 * @throws {Error} If the package cannot be had, as without a network at the first use.
 */
export async function plotlyInlineScript(): Promise<string> {
  let source: string;
  try {
    const module = await import("plotly.js-dist-min/plotly.min.js", { with: { type: "text" } });
    source = module.default as unknown as string;
  } catch (error) {
    throw new Error(
      `Cannot inline plotly as the package plotly.js-dist-min ${PLOTLY_VERSION} is not there ` +
        `(the first use needs a network; {plotly: "cdn"} makes a page that loads it when opened)`,
      { cause: error },
    );
  }
  return `<script>${escapeScript(source)}</script>`;
}
