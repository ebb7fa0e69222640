import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { nearestNeighbors } from "../../../mod.ts";
import golden from "../../golden/spatial/golden.json" with { type: "json" };
import { assertRefused, BAD_COUNTS, each, JUNK } from "../../support/bad_input.ts";
import { steps } from "../../support/tier.ts";
import { type Drawn, drawn, edgeList, graphIds, squaredDistance } from "./points.ts";

/** The nearest points by sorting all of them. */
function bruteForce({ points, isPeriodic, nNode }: Drawn, k: number, selfEdges: boolean): string[] {
  const graph = graphIds(nNode);
  return points.flatMap((to, receiver) =>
    points.map((from, sender) => ({ sender, d: squaredDistance(from, to, isPeriodic) }))
      .filter(({ sender }) =>
        graph[sender] === graph[receiver] && (selfEdges || sender !== receiver)
      )
      .sort((a, b) => a.d - b.d || a.sender - b.sender)
      .slice(0, k)
      .map(({ sender }) => `${sender}>${receiver}`)
  );
}

Deno.test("nearestNeighbors() finds what SciPy's cKDTree finds, nearest first", () => {
  for (const { positions, k, box, senders } of golden.nearest) {
    const edges = nearestNeighbors(positions, k, { box });
    assertEquals([...edges.senders], senders);
    assertEquals([...edges.nEdge], [k * positions.length]);
  }
});

Deno.test("nearestNeighbors() finds what sorting all points finds, ties by index", () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 16 }), fc.boolean(), (draw, k, selfEdges) => {
      const box = draw.isPeriodic ? 1 : null;
      const edges = nearestNeighbors(draw.points, k, { selfEdges, box, nNode: draw.nNode });
      assertEquals(edgeList(edges), bruteForce(draw, k, selfEdges));
      assertEquals(edges.nEdge.reduce((a, b) => a + b, 0), edges.senders.length);
    }),
    { seed: 2, numRuns: steps(200, 5000) },
  );
});

Deno.test("nearestNeighbors() of many points that coincide takes the first of them", () => {
  const points = new Array(100).fill([0.5, 0.5]);
  const { senders } = nearestNeighbors(points, 2);
  assertEquals([...senders.subarray(0, 6)], [1, 2, 0, 2, 0, 1]);
  assertEquals([...senders.subarray(196)], [0, 1, 0, 1]);
});

Deno.test("nearestNeighbors() gives points of small graphs all they have", () => {
  const edges = nearestNeighbors([[0], [1], [3], [9]], 5, { nNode: [1, 0, 3] });
  assertEquals(edgeList(edges), ["2>1", "3>1", "1>2", "3>2", "2>3", "1>3"]);
  assertEquals([...edges.nEdge], [0, 0, 6]);
  assertEquals([...nearestNeighbors([], 3).nEdge], [0]);
});

Deno.test("nearestNeighbors() says what is wrong with k, and with the rest", () => {
  const points = [[0, 0], [1, 1]];
  assertThrows(
    () => nearestNeighbors(points, 0),
    RangeError,
    "Cannot find nearest neighbours as k must be a positive whole number: got number 0",
  );
  assertRefused([
    ...each("k", BAD_COUNTS, (bad) => nearestNeighbors(points, bad), "k must be"),
    ...each("positions", JUNK, (bad) => nearestNeighbors(bad, 1)),
    ["NaN", () => nearestNeighbors([[NaN]], 1), "point 0 of positions is [NaN]"],
    ["a box", () => nearestNeighbors(points, 1, { box: 0 }), "box is [0, 0]"],
    ["counts", () => nearestNeighbors(points, 1, { nNode: [3] }), "nNode is [3]"],
  ]);
});
