/** Figures in a page, looked at pixel by pixel. @module */
import { renderPage } from "./browser.ts";
import { withFolder } from "./folder.ts";

/** What plotly made of a figure. */
export interface FigureReport {
  /** Keys that plotly does not know. */
  readonly problems: readonly unknown[];
  /** How many frames its animation has. */
  readonly frames: number;
  /** The colour of its paper, `#rrggbb`. */
  readonly paper: string;
  /** How many of a thousand pixels of its plot area are not of that colour. */
  readonly inked: number;
}

/**
 * Waits until all figures of the page are drawn, and looks at the picture of each. `play` is what
 * happens before, with `elements` at hand.
 */
const script = (play: string): string =>
  `<script type="module">
  const elements = [...document.querySelectorAll("[id^=figure-]")];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  while (!elements.every((element) => element._fullLayout)) await pause();
  ${play}
  const look = async (element) => {
    const { width, height, _size: { l, t, w, h } } = element._fullLayout;
    const picture = new Image();
    picture.src = await Plotly.toImage(element, { format: "png", width, height });
    await new Promise((resolve) => picture.onload = resolve);
    const context = Object.assign(document.createElement("canvas"), { width, height })
      .getContext("2d");
    context.drawImage(picture, 0, 0);
    const pixelsOf = (...area) => new Uint32Array(context.getImageData(...area).data.buffer);
    const [paper] = pixelsOf(1, 1, 1, 1);
    const pixels = pixelsOf(...[l, t, w, h].map(Math.floor));
    const [r, g, b] = context.getImageData(1, 1, 1, 1).data;
    return {
      paper: "#" + [r, g, b].map((v) => v.toString(16).padStart(2, "0")).join(""),
      inked: Math.round(1000 * pixels.filter((p) => p !== paper).length / pixels.length),
    };
  };
  const reports = [];
  for (const element of elements) {
    const { data, layout, _transitionData } = element;
    // Other codes are also given for packed arrays and for keys that this trace has no use for.
    const problems = (Plotly.validate(data, layout) ?? []).filter((p) => p.code === "schema");
    const frames = _transitionData._frames.length;
    reports.push({ problems, frames, ...await look(element) });
  }
  const result = document.createElement("pre");
  result.id = "reports";
  result.textContent = JSON.stringify(reports);
  document.body.append(result);
</script>`;

/** Opens a page in the browser and reports on each of its figures. */
export async function lookAtFigures(page: string, play = ""): Promise<FigureReport[]> {
  let reports: FigureReport[] | undefined;
  await withFolder(async (folder) => {
    const end = page.lastIndexOf("</body>");
    const file = `${folder}/page.html`;
    await Deno.writeTextFile(file, page.slice(0, end) + script(play) + page.slice(end));
    const document = await renderPage(file);
    const found = document.match(/<pre id="reports">(.*?)<\/pre>/)?.[1];
    if (found) reports = JSON.parse(found.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  });
  if (reports) return reports;
  throw new Error("Cannot look at figures as the page did not draw all of them");
}
