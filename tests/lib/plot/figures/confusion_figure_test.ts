import { assertEquals, assertThrows } from "@std/assert";
import { confusionFigure, type HeatmapTrace } from "../../../../lib/plot/mod.ts";

Deno.test("confusionFigure() counts, a row for each true class, and colours shares of rows", () => {
  const figure = confusionFigure({ truth: [0, 0, 0, 0, 1], predicted: [0, 0, 1, 0, 0] }, {
    labels: ["cat", "dog", "bird"],
  });
  const { x, y, z, text } = figure.data[0] as HeatmapTrace;
  assertEquals([x, y], [["cat", "dog", "bird"], ["cat", "dog", "bird"]]);
  assertEquals(text, [["3", "1", "0"], ["1", "0", "0"], ["0", "0", "0"]]);
  assertEquals(z, [[0.75, 0.25, 0], [1, 0, 0], [0, 0, 0]]);
  assertEquals(figure.layout.title!.text, "60.0 % of 5 right");
  assertEquals(String(figure), "Figure(heatmap: 3 x 3)");
});

Deno.test("confusionFigure() says what is wrong", () => {
  const draw = (truth: number[], predicted: number[], labels?: string[]) =>
    confusionFigure({ truth, predicted }, labels ? { labels } : {});
  assertThrows(
    () => draw([0, 1], [0]),
    TypeError,
    "Cannot draw a confusion matrix as there is a true and a predicted class for each example: " +
      "got [2] and [1]",
  );
  assertThrows(() => draw([], []), RangeError, "as there is no example: got [0]");
  assertThrows(
    () => draw([0, NaN], [0, 1]),
    RangeError,
    "as classes are whole numbers from 0: got NaN",
  );
  assertThrows(
    () => draw([0, 2], [0, 1], ["a", "b"]),
    TypeError,
    "as each class needs a label: got 2 labels, and class 2",
  );
});
