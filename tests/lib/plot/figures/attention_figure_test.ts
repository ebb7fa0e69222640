import { assertEquals, assertThrows } from "@std/assert";
import { attentionFigure, type HeatmapTrace } from "../../../../lib/plot/mod.ts";

const graph = { senders: [0, 1, 1], receivers: [1, 0, 0], nNode: [2] };

Deno.test("attentionFigure() has a matrix for each head, receivers down, senders across", () => {
  const figure = attentionFigure(graph, [[1, 0.1], [0.25, 0.2], [0.5, 0.3]]);
  const heads = figure.data as HeatmapTrace[];
  assertEquals(heads.map(({ z, xaxis }) => [z, xaxis]), [
    [[[null, 0.75], [1, null]], "x"],
    [[[null, 0.5], [0.1, null]], "x2"],
  ]);
  assertEquals(figure.layout.annotations!.map(({ text }) => text), ["head 0", "head 1"]);
});

Deno.test("attentionFigure() says how many weights are not finite", () => {
  const figure = attentionFigure(graph, [1, NaN, 0.5]);
  assertEquals((figure.data[0] as HeatmapTrace).z, [[null, 0.5], [1, null]]);
  assertEquals(figure.layout.annotations!.at(-1)!.text, "weights that are not finite: 1");
});

Deno.test("attentionFigure() colours from none to the greatest weight, or from negative ones", () => {
  const rangeOf = (weights: number[]): unknown => {
    const { cmin, cmax } = attentionFigure(graph, weights).layout.coloraxis as Record<
      string,
      number
    >;
    return [cmin, cmax];
  };
  assertEquals(rangeOf([1, 0.5, 0.2]), [0, 1]);
  assertEquals(rangeOf([-3, -1, -2]), [-3, -1]);
});

Deno.test("attentionFigure() says what is wrong", () => {
  assertThrows(
    () => attentionFigure(graph, [1, 2]),
    TypeError,
    "Cannot draw attention as it must have a weight for each of the 3 edges, [3] or [3, H]: got [2]",
  );
  assertThrows(
    () => attentionFigure(graph, [NaN, NaN, NaN]),
    RangeError,
    "Cannot draw attention as none of its values is finite",
  );
  assertThrows(
    () => attentionFigure({ ...graph, nNode: [201] }, [1, 2, 3]),
    RangeError,
    "as a matrix has at most 200 nodes: got 201 (pass the weights to graphFigure as edgeWidth)",
  );
  assertThrows(
    () => attentionFigure({ senders: [], receivers: [], nNode: [2] }, []),
    RangeError,
    "as it has edges and 1 to 12 heads: got [0]",
  );
  assertThrows(
    () => attentionFigure(graph, [1, 2, 3], { labels: ["a"] }),
    TypeError,
    "as there must be a label for each of the 2 nodes: got 1",
  );
});
