/** Bars of speeds as SVG, which Markdown shows. @module */

/** A workload, and how fast each contender was. */
export interface Bars {
  readonly name: string;
  readonly speeds: readonly { readonly title: string; readonly speed: number }[];
}

/** Others are grey and orange, ours blue; in the order that `figures.ts` gives contenders. */
const COLORS = ["#888888", "#e8a33d", "#c2571a", "#174a7e", "#2f7fc1", "#a8c8e8", "#5aa469"];
const [LEFT, WIDTH, BAR, GAP, TOP] = [190, 420, 11, 14, 44];

const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${x}" y="${y}"${more}>${words}</text>`;

/** One group of bars a workload, the reference at 1. */
export function plotSpeeds(groups: readonly Bars[], titles: readonly string[]): string {
  const most = Math.max(1, ...groups.flatMap(({ speeds }) => speeds.map(({ speed }) => speed)));
  const x = (speed: number): number => Math.round(LEFT + WIDTH * speed / most);
  const parts: string[] = [];
  titles.forEach((title, i) => {
    const [at, row] = [10 + 170 * (i % 4), 8 + 16 * Math.floor(i / 4)];
    parts.push(`<rect x="${at}" y="${row}" width="10" height="10" fill="${COLORS[i]}" />`);
    parts.push(text(at + 15, row + 9, title));
  });
  let y = TOP;
  for (const { name, speeds } of groups) {
    parts.push(text(LEFT - 8, y + speeds.length * BAR / 2 + 4, name, ' text-anchor="end"'));
    for (const { title, speed } of speeds) {
      const fill = COLORS[titles.indexOf(title)];
      const width = Math.max(1, x(speed) - LEFT);
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 1}" fill="${fill}" />`,
      );
      parts.push(text(x(speed) + 4, y + 9, speed.toFixed(2), ' font-size="9"'));
      y += BAR;
    }
    y += GAP;
  }
  const one = x(1);
  parts.push(`<line x1="${one}" x2="${one}" y1="${TOP - 4}" y2="${y - GAP + 4}" stroke="#444" />`);
  // As `deno fmt` lays it out.
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${y}" font-family="sans-serif"`,
    `font-size="12">`,
    "<title>Speeds, JAX with jraph = 1; longer is faster</title>",
    `<rect width="700" height="${y}" fill="#ffffff" />`,
    ...parts,
  ].join("\n  ") + "\n</svg>\n";
}
