/** Figures into a file. @module */
import { replaceFile } from "../base/mod.ts";
import { type HtmlOptions, toHtml } from "./html.ts";
import type { Figure } from "./types.ts";

/**
 * Writes {@linkcode toHtml}'s page to a file. The page is written beside and then renamed, so that
 * an older page stays whole if the disk is full or the program is stopped; folders are made as
 * needed.
 *
 * @throws {Error} If the file cannot be written; the message names it.
 *
 * @example
 * ```ts
 * import { lossFigure, writeHtml } from "@meshwork/meshwork/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/loss.html`;
 * await writeHtml(path, lossFigure({ train: [1, 0.5] }), { title: "Loss", plotly: "cdn" });
 * assertStringIncludes(await Deno.readTextFile(path), "<h1>Loss</h1>");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeHtml(
  path: string,
  figures: Figure | readonly Figure[],
  options: HtmlOptions = {},
): Promise<void> {
  await replaceFile(path, new TextEncoder().encode(await toHtml(figures, options)));
}
