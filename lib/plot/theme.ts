/** A figure in light or dark. @module */
import { DARK_COLORS } from "./dark_colors.ts";
import { displayFigure } from "./figure.ts";
import type { Figure } from "./types.ts";

/** How a figure looks: dark ink on white paper, or light ink on dark paper. */
export type Theme = "light" | "dark";

/**
 * A figure in another theme. Colours of the library become those of the theme, whoever asked for
 * them; all others, and the named scales such as Viridis, stay.
 *
 * In JupyterLab and VS Code figures follow the page by themselves, so this is for pages and
 * pictures.
 *
 * @param figure A figure as a builder made it.
 * @param theme `"dark"`, or `"light"`, which changes nothing.
 * @throws {RangeError} If there is no such theme.
 *
 * @example
 * ```ts
 * import { lossFigure, withTheme } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = withTheme(lossFigure({ train: [1, 0.5] }), "dark");
 * assertEquals(figure.layout.paper_bgcolor, "#15181c");
 * ```
 */
export function withTheme(figure: Figure, theme: Theme): Figure {
  if (theme === "light") return figure;
  if (theme !== "dark") {
    throw new RangeError(
      `Cannot change the theme of a figure as it is "light" or "dark": got ${String(theme)}`,
    );
  }
  const recolour = (_key: string, value: unknown): unknown =>
    typeof value === "string" ? DARK_COLORS[value] ?? value : value;
  return displayFigure(JSON.parse(JSON.stringify(figure), recolour));
}
