/** Figures into a file. @module */
import { type HtmlOptions, toHtml } from "./html.ts";
import type { Figure } from "./types.ts";

/**
 * Writes {@linkcode toHtml}'s page to a file. The page is written beside and then renamed, so that an
 * older page stays whole if the disk is full or the program is stopped; folders are made as needed.
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
  const page = await toHtml(figures, options);
  const beside = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    const folder = path.replace(/[^/\\]*$/, "");
    if (folder !== "") await Deno.mkdir(folder, { recursive: true });
    await writeSynced(beside, page);
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot write the page ${path} as the file system refuses: ${reason} ` +
        `(a page that was there before is unchanged)`,
      { cause: error },
    );
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
