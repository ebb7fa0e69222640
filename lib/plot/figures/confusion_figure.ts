/** What a classifier takes for what. @module */
import { formatShape } from "../../base/mod.ts";
import { type ArrayInput, readArray } from "../arrays.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { displayFigure } from "../figure.ts";
import { SHARE_SCALE } from "../scale.ts";
import { baseLayout, CONFIG } from "../scene.ts";
import type { Figure } from "../types.ts";

/** Classes of examples as they are and as they were predicted. */
export interface Confusion {
  /** The class of each example, whole numbers from 0, `[B]`. */
  readonly truth: ArrayInput;
  /** The class that was predicted, `[B]`. */
  readonly predicted: ArrayInput;
}

/** Options of {@linkcode confusionFigure}. */
export interface ConfusionFigureOptions {
  /** The name of each class; its number by default. */
  readonly labels?: readonly string[];
  /** The figure's heading; the share that is right by default. */
  readonly title?: string;
  /** Pixels, 520 by default. */
  readonly width?: number;
}

/**
 * Draws a confusion matrix: a row for each true class, a column for each predicted one. Cells say
 * how many examples they hold; colour is their share of the row.
 *
 * @param confusion B examples.
 * @throws {TypeError} If there is not a prediction for each example, or a label for each class.
 * @throws {RangeError} If there is no example, or a class is no whole number from 0.
 *
 * @example
 * ```ts
 * import { confusionFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = confusionFigure({ truth: [0, 0, 1, 1], predicted: [0, 1, 1, 1] });
 * assertEquals(figure.layout.title?.text, "75.0 % of 4 right");
 * ```
 */
export function confusionFigure(
  confusion: Confusion,
  options: ConfusionFigureOptions = {},
): Figure {
  const counts = countsOf(confusion, options.labels);
  const labels = options.labels ?? counts.map((_, k) => String(k));
  const totals = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const total = totals.reduce((a, b) => a + b, 0);
  const right = counts.reduce((sum, row, k) => sum + row[k]!, 0);
  const share = (row: readonly number[], k: number): number[] =>
    row.map((count) => totals[k]! > 0 ? count / totals[k]! : 0);
  const width = options.width ?? 520;
  const title = options.title ?? `${(100 * right / total).toFixed(1)} % of ${total} right`;
  return displayFigure({
    data: [{
      type: "heatmap",
      name: "confusion",
      x: labels,
      y: labels,
      z: counts.map(share),
      text: counts.map((row) => row.map(String)),
      // More classes leave no room for words.
      ...(labels.length <= 20 ? { texttemplate: "%{text}" } : {}),
      coloraxis: "coloraxis",
      xgap: 1,
      ygap: 1,
      hovertemplate: "is %{y}, taken for %{x}: %{text} (%{z:.1%})<extra></extra>",
    }],
    layout: {
      ...baseLayout(title, { width, height: width - 60 }, { l: 80, r: 96, t: 48, b: 60 }),
      xaxis: {
        type: "category",
        title: { text: "predicted" },
        constrain: "domain",
        showgrid: false,
      },
      yaxis: {
        type: "category",
        title: { text: "truth" },
        autorange: "reversed",
        automargin: true,
        scaleanchor: "x",
        constrain: "domain",
        showgrid: false,
      },
      coloraxis: colorAxis([0, 1], SHARE_SCALE, {
        ...colorbarBeside("share of the row") as object,
        tickformat: ".0%",
      }),
    },
    config: CONFIG,
  });
}

function countsOf({ truth, predicted }: Confusion, labels?: readonly string[]): number[][] {
  const [is, said] = [readArray(truth, "true classes", 1), readArray(predicted, "predictions", 1)];
  if (is.shape.length !== 1 || said.shape.length !== 1 || is.data.length !== said.data.length) {
    throw new TypeError(
      `Cannot draw a confusion matrix as there is a true and a predicted class for each example: ` +
        `got ${formatShape(is.shape)} and ${formatShape(said.shape)}`,
    );
  }
  if (is.data.length === 0) {
    throw new RangeError("Cannot draw a confusion matrix as there is no example: got [0]");
  }
  const classes = [...Array.from(is.data), ...Array.from(said.data)];
  const bad = classes.find((k) => !Number.isInteger(k) || k < 0);
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot draw a confusion matrix as classes are whole numbers from 0: got ${bad}`,
    );
  }
  const greatest = classes.reduce((a, b) => Math.max(a, b));
  const count = labels?.length ?? greatest + 1;
  if (greatest >= count) {
    throw new TypeError(
      `Cannot draw a confusion matrix as each class needs a label: got ${count} labels, and class ` +
        greatest,
    );
  }
  const counts = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let n = 0; n < is.data.length; n++) counts[is.data[n]!]![said.data[n]!]!++;
  return counts;
}
