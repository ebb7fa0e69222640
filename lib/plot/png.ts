/** A figure as a picture. @module */
import { renderPage } from "./chromium.ts";
import { figureElement } from "./html.ts";
import { plotlyInlineScript } from "./plotly_source.ts";
import { type Theme, withTheme } from "./theme.ts";
import type { Figure } from "./types.ts";

/** Options of {@linkcode toPng}. */
export interface PngOptions {
  /** Pixels of the picture for each of the figure's; 2 by default. */
  readonly scale?: number;
  /** `"light"` by default. */
  readonly theme?: Theme;
}

/** Puts the picture, as a data URL, where it is looked for. */
const script = (scale: number): string =>
  `<script type="module">
  const element = document.getElementById("figure");
  while (!element._fullLayout) await new Promise((resolve) => setTimeout(resolve, 50));
  const { width, height } = element._fullLayout;
  const options = { format: "png", width, height, scale: ${scale} };
  const result = document.createElement("pre");
  result.id = "picture";
  result.textContent = await Plotly.toImage(element, options);
  document.body.append(result);
</script>`;

/**
 * Draws a figure as a PNG picture, in a headless Chromium: for papers, and for places that run no
 * scripts. An animation shows its first frame. Takes some seconds.
 *
 * @param figure What to draw, in its own size.
 * @returns The file's bytes, which `show` shows too.
 * @throws {RangeError} If `scale` is not positive, or there is no such theme.
 * @throws {Error} If the machine has no Chromium, or it fails.
 *
 * @example
 * ```ts ignore
 * import { lossFigure, toPng } from "@meshwork/meshwork/plot";
 *
 * await Deno.writeFile("loss.png", await toPng(lossFigure({ train: [1, 0.5, 0.25] })));
 * ```
 */
export async function toPng(
  figure: Figure,
  { scale = 2, theme = "light" }: PngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(`Cannot make a picture as scale is a positive number: got ${scale}`);
  }
  const element = figureElement(withTheme(figure, theme), "figure", "light");
  // So wide that no figure is made smaller to fit.
  const page = `<!doctype html><meta charset="utf-8">${await plotlyInlineScript()}
<body style="width: 10000px">${element}${script(scale)}</body>`;
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/figure.html`;
    await Deno.writeTextFile(file, page);
    const drawn = await renderPage(file);
    const [, data] = drawn.match(/<pre id="picture">data:image\/png;base64,([^<]+)/) ?? [];
    if (data) return Uint8Array.fromBase64(data);
    throw new Error(
      "Cannot make a picture as plotly did not draw the figure (look at it with show)",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
