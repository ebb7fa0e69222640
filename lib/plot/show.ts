/** Values onto the screen: of a notebook, or as a line of text of a terminal. @module */
import { bundleOf, type MimeBundle } from "../base/mod.ts";
import type { Tree } from "../tree/mod.ts";
import { checkFigure } from "./check_figure.ts";
import { type ColumnTable, columnTableBundle, isColumnTable } from "./column_table.ts";
import { inNotebook, send } from "./display.ts";
import { describeFigure, figureBundle, libraryOnce } from "./figure.ts";
import { paramsTable } from "./params_table.ts";
import type { Table } from "./table.ts";
import type { Figure } from "./types.ts";

/**
 * What can be shown: figures, tables (arquero's too), text, tensors, graphs, data sets, PNG
 * pictures (the bytes of `toPng`), and trees of tensors such as parameters, of which a table of
 * sizes is shown.
 */
export type Showable =
  | Figure
  | Table
  | ColumnTable
  | AsyncIterable<unknown>
  | string
  | Uint8Array
  | Tree;

/**
 * Shows values, each as one output of the notebook's cell; in a terminal a figure is one line that
 * says what it holds, all else text. Await it, so that the output stays in its cell.
 *
 * @throws {TypeError} If a value is none that can be shown, or a figure has no trace, or columns of
 * different lengths.
 * @throws {RangeError} If a triangle of a figure names a point that is not there.
 * @throws {Error} In a notebook, if plotly cannot be had, as without a network at the first use.
 *
 * @example
 * ```ts
 * import { lossFigure, show } from "@meshwork/meshwork/plot";
 *
 * await show("The loss falls:", lossFigure({ train: [1, 0.5, 0.25] }));
 * ```
 */
export async function show(...values: Showable[]): Promise<void> {
  for (const value of values) {
    if (isFigure(value)) checkFigure(value);
    if (inNotebook()) await send(await formsOf(value));
    // The bundle of a figure would hold plotly.
    else if (isFigure(value)) console.log(describeFigure(value));
    else console.log((await formsOf(value))["text/plain"]);
  }
}

/** A figure that was spread into a new object has lost its hidden appearance. */
function isFigure(value: Showable): value is Figure {
  return typeof value === "object" && value !== null && "data" in value && "layout" in value;
}

/** All forms of a value. */
async function formsOf(value: Showable): Promise<MimeBundle> {
  if (typeof value === "string") return { "text/plain": value };
  if (value instanceof Uint8Array) return pictureBundle(value);
  if (isFigure(value)) return await figureBundle(value);
  if (isColumnTable(value)) return columnTableBundle(value);
  if (typeof value !== "object" || value === null) return (await bundleOf(paramsTable(value)))!;
  return await (bundleOf(value) ?? bundleOf(paramsTable(value as Tree))!);
}

/** The signature of PNG files, and after it the size of the picture. */
function pictureBundle(bytes: Uint8Array): MimeBundle {
  if (![137, 80, 78, 71, 13, 10, 26, 10].every((byte, n) => bytes[n] === byte)) {
    throw new TypeError(
      `Cannot show bytes as they are no PNG picture: got ${bytes.length} bytes (give what toPng gives)`,
    );
  }
  const [width, height] = [16, 20].map((at) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
  );
  return {
    "image/png": bytes.toBase64(),
    "text/plain": `PNG picture, ${width} x ${height} pixels`,
  };
}

/** A figure that is drawn again and again in the same place. */
export interface LiveFigure {
  /**
   * Draws the figure anew, unless the last time is less than half a second ago; then it is kept.
   */
  update(build: () => Figure): Promise<void>;
  /** Draws what was kept, so that the last state is always seen. */
  finish(): Promise<void>;
}

/** The least time between two drawings in milliseconds. */
const LIVE_MS = 500;

/**
 * Opens a place in the notebook's cell that a figure is drawn into again and again, at most twice a
 * second, such as a loss while it falls. In a terminal only the last state is printed, as a line.
 *
 * @throws {Error} In a notebook, if plotly cannot be had, as without a network at the first use.
 *
 * @example
 * ```ts
 * import { liveFigure, lossFigure } from "@meshwork/meshwork/plot";
 *
 * const live = liveFigure();
 * const train: number[] = [];
 * for (let step = 0; step < 3; step++) {
 *   train.push(1 / (step + 1));
 *   await live.update(() => lossFigure({ train }));
 * }
 * await live.finish();
 * ```
 */
export function liveFigure(): LiveFigure {
  const id = crypto.randomUUID();
  let drawnAt = -Infinity;
  let drawn = false;
  let kept: (() => Figure) | undefined;
  const draw = async (build: () => Figure): Promise<void> => {
    kept = undefined;
    // The first output of a notebook holds plotly itself; it must not be overwritten by an update.
    const library = drawn ? "" : await libraryOnce();
    if (library !== "") await send({ "text/html": library, "text/plain": "" });
    await send(await figureBundle(build()), drawn ? { id, update: true } : { id });
    drawn = true;
    drawnAt = performance.now();
  };
  return {
    async update(build): Promise<void> {
      if (inNotebook() && performance.now() - drawnAt >= LIVE_MS) await draw(build);
      else kept = build;
    },
    async finish(): Promise<void> {
      if (kept === undefined) return;
      if (inNotebook()) await draw(kept);
      else console.log(describeFigure(kept()));
      kept = undefined;
    },
  };
}
