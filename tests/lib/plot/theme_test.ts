import { assert, assertEquals, assertThrows } from "@std/assert";
import { DARK_COLORS } from "../../../lib/plot/dark_colors.ts";
import { attentionFigure, lossFigure, rolloutFigure, withTheme } from "../../../lib/plot/mod.ts";

const mesh = { points: [[0, 0], [1, 0], [0, 1]], triangles: [[0, 1, 2]] };
const figures = [
  lossFigure({ train: [1, 0.5], "#ffffff": [1] }, { title: "Loss" }),
  rolloutFigure(mesh, { truth: [[0, 1, 2]], prediction: [[0, 1, 3]] }),
  attentionFigure({ senders: [0], receivers: [1], nNode: [2] }, [1]),
];

/** Brightness from 0 to 1 of `#rrggbb`. */
function brightness(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** All strings of a value that are colours of light figures. */
function lightColors(value: unknown): string[] {
  if (typeof value === "string") return value in DARK_COLORS ? [value] : [];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(lightColors)
    : [];
}

Deno.test("withTheme() changes colours and nothing else", () => {
  for (const figure of figures) {
    const dark = withTheme(figure, "dark");
    const blind = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll(/"#[0-9a-f]{6}"|"rgba[^"]*"/g, '""'));
    assertEquals(blind(dark), blind(figure));
    assertEquals(String(dark), String(figure));
    assertEquals(dark.layout.paper_bgcolor, "#15181c");
    assertEquals(withTheme(figure, "light"), figure);
  }
});

Deno.test("ink of the dark stands out from its paper, and scales rise in brightness", () => {
  const paper = brightness(DARK_COLORS["#ffffff"]!);
  const font = (figures[0]!.layout.font as { color: string }).color;
  assert(brightness(DARK_COLORS[font]!) - paper > 0.6);
  const attention = withTheme(figures[2]!, "dark").layout.coloraxis as { colorscale: string[][] };
  const { coloraxis2 } = withTheme(figures[1]!, "dark").layout;
  for (const { colorscale } of [attention, coloraxis2 as typeof attention]) {
    const steps = colorscale.map(([, color]) => brightness(color!));
    assertEquals(steps, steps.toSorted((a, b) => a - b));
    assert(steps.at(-1)! - steps[0]! > 0.5);
  }
});

Deno.test("builders use colours that have a dark counterpart", () => {
  const known = new Set([...Object.keys(DARK_COLORS), ...Object.values(DARK_COLORS)]);
  // Bright enough on either paper.
  const both = ["#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4292c6"];
  const unknown = Array.from(
    Deno.readDirSync(new URL("../../../lib/plot", import.meta.url)),
    ({ name }) => name,
  ).filter((name) => name.endsWith(".ts") && !["html.ts", "dark_colors.ts"].includes(name))
    .flatMap((name) => {
      const text = Deno.readTextFileSync(new URL(`../../../lib/plot/${name}`, import.meta.url));
      return [...text.matchAll(/"(#[0-9a-f]{6}|rgba\([^"]*\))"/g)].map(([, color]) => color!);
    }).filter((color) => !known.has(color) && !both.includes(color));
  assertEquals(unknown, []);
  assert(figures.flatMap(lightColors).length > 0);
});

Deno.test("withTheme() refuses other themes", () => {
  assertThrows(
    () => withTheme(figures[0]!, "blue" as never),
    RangeError,
    'Cannot change the theme of a figure as it is "light" or "dark": got blue',
  );
});
