import { assertEquals, assertThrows } from "@std/assert";
import { type BarTrace, degreeFigure } from "../../../../lib/plot/mod.ts";

Deno.test("degreeFigure() counts edges sent and received, and once where both ways are there", () => {
  const star = { senders: [0, 0, 0], receivers: [1, 2, 3], nNode: [4] };
  const curves = degreeFigure(star).data as BarTrace[];
  assertEquals(curves.map(({ name, x, y }) => [name, x, y]), [
    ["sent", [0, 1, 2, 3], [3, 0, 0, 1]],
    ["received", [0, 1, 2, 3], [1, 3, 0, 0]],
  ]);
  const both = { senders: [0, 1], receivers: [1, 0], nNode: [3] };
  assertEquals(degreeFigure(both).data.map(({ name }) => name), ["degree"]);
});

Deno.test("degreeFigure() draws hubs on logarithmic axes, and says what has no place there", () => {
  const senders = Array.from({ length: 100 }, (_, n) => n + 1);
  const hub = { senders, receivers: senders.map(() => 0), nNode: [101] };
  const { data, layout } = degreeFigure(hub);
  assertEquals(data.map(({ type, x }) => [type, x]), [["scatter", [1]], ["scatter", [100]]]);
  const { type, title } = layout.xaxis as { type: string; title: { text: string } };
  assertEquals([type, title.text], ["log", "edges of a node (100 nodes without one are left out)"]);
});

Deno.test("degreeFigure() refuses an empty graph", () => {
  assertThrows(
    () => degreeFigure({ senders: [], receivers: [], nNode: [] }),
    RangeError,
    "Cannot draw a graph as it has no nodes (nNode sums to 0)",
  );
});
