import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { randomStream } from "../../../datasets/random_stream.ts";
import { graphsTuple, jit, radiusGraph, type Tensor } from "../../../mod.ts";
import golden from "../../golden/spatial/golden.json" with { type: "json" };
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { xlaTest } from "../../support/engines.ts";
import { steps } from "../../support/tier.ts";
import { bruteForce, drawn, edgeList, randomPoints } from "./points.ts";

// A multiple of 1/64, so that there are pairs at the radius itself.
const radii = fc.integer({ min: 1, max: 31 }).map((n) => n / 64);

Deno.test("radiusGraph() joins the pairs that SciPy's cKDTree finds", () => {
  for (const { positions, radius, box, senders, receivers } of golden.radius) {
    const edges = radiusGraph(positions, radius, { box });
    assertEquals([...edges.senders], senders);
    assertEquals([...edges.receivers], receivers);
    assert(senders.length > 40);
  }
});

Deno.test("radiusGraph() joins the pairs that looking at each pair finds, in their order", () => {
  fc.assert(
    fc.property(drawn, radii, fc.boolean(), (draw, radius, selfEdges) => {
      const box = draw.isPeriodic ? 1 : null;
      const edges = radiusGraph(draw.points, radius, { selfEdges, box, nNode: draw.nNode });
      assertEquals(edgeList(edges), bruteForce(draw, radius, selfEdges));
      assertEquals(edges.nEdge.reduce((a, b) => a + b, 0), edges.senders.length);
    }),
    { seed: 1, numRuns: steps(200, 5000) },
  );
});

Deno.test("radiusGraph() finds many neighbours in crowded cells", () => {
  for (const box of [null, 1]) {
    const draw = {
      points: randomPoints(600, 2, 3),
      dim: 2,
      isPeriodic: box !== null,
      nNode: [600],
    };
    const edges = radiusGraph(draw.points, 0.3, { box });
    assertEquals(edgeList(edges), bruteForce(draw, 0.3));
    assert(edges.senders.length > 600 * 64);
  }
});

Deno.test("radiusGraph() does not mind where points are, nor how far from each other", () => {
  const points = randomPoints(100, 3, 0);
  const near = edgeList(radiusGraph(points, 0.25));
  const moved = { shape: [100, 3], data: Float64Array.from(points.flat(), (x) => x + 1e6) };
  assertEquals(edgeList(radiusGraph(moved, 0.25)), near);
  const far = [...points, ...points.map((row) => row.map((x) => x + 2 ** 40))];
  const data = Float64Array.from(far.flat());
  assertEquals(radiusGraph({ shape: [200, 3], data }, 0.25).nEdge[0]! >= 2 * near.length, true);
});

Deno.test("radiusGraph() of points in another order is the same graph", () => {
  const points = randomPoints(200, 2, 5);
  const random = randomStream(7);
  const order = points.map((_, i) => ({ i, key: random.uniform() }))
    .sort((a, b) => a.key - b.key).map(({ i }) => i);
  const edges = radiusGraph(order.map((i) => points[i]!), 0.1);
  const named = Array.from(
    edges.senders,
    (sender, e) => `${order[sender]}>${order[edges.receivers[e]!]}`,
  );
  assertEquals(named.sort(), edgeList(radiusGraph(points, 0.1)).sort());
});

Deno.test("radiusGraph() moves points into the box, also along one axis alone", () => {
  const points = [[0.05, 0.05], [0.95, 0.05], [0.05, 0.95]];
  assertEquals(edgeList(radiusGraph(points, 0.2, { box: [1, Infinity] })), ["1>0", "0>1"]);
  assertEquals(edgeList(radiusGraph(points, 0.2, { box: [Infinity, 1] })), ["2>0", "0>2"]);
  const outside = points.map(([x, y]) => [x! - 3, y! + 5]);
  assertEquals(
    edgeList(radiusGraph(outside, 0.2, { box: 1 })),
    edgeList(radiusGraph(points, 0.2, { box: 1 })),
  );
});

Deno.test("radiusGraph() of no points, and of graphs without points, has no edges", () => {
  assertEquals([...radiusGraph([], 1).nEdge], [0]);
  assertEquals([...radiusGraph(tf.zeros([0, 3]), 1, { selfEdges: true }).nEdge], [0]);
  assertEquals([...radiusGraph([[0], [0]], 1, { nNode: [0, 2, 0] }).nEdge], [0, 2, 0]);
  assertEquals(edgeList(radiusGraph([[5]], 1, { selfEdges: true })), ["0>0"]);
});

Deno.test("radiusGraph() gives the fields of a graph of several", () => {
  const positions = [[0], [1], [0], [1], [2]];
  const nNode = [2, 3];
  const edges = radiusGraph(positions, 1, { nNode });
  const graph = graphsTuple({ nodes: positions, ...edges, nNode });
  assertEquals(graph.senders.arraySync(), [1, 0, 3, 2, 4, 3]);
  assertEquals(graph.nEdge.arraySync(), [2, 4]);
});

Deno.test("radiusGraph() leaves tensors as they were, and none behind", () => {
  const positions = tf.tensor2d([[-1.25, 0], [0, 0]]);
  const before = tf.memory().numTensors;
  radiusGraph(positions, 0.4, { box: 1 });
  radiusGraph([[0, 0]], 0.4, { nNode: [1] });
  assertEquals(tf.memory().numTensors, before);
  assertEquals(positions.arraySync(), [[-1.25, 0], [0, 0]]);
  positions.dispose();
});

Deno.test("radiusGraph() says what is wrong with points, radius, box and counts", () => {
  const text = "Cannot make a radius graph as";
  const points = [[0, 0], [1, 1]];
  const refuse = (call: () => unknown, error: typeof RangeError | typeof TypeError, rest: string) =>
    assertThrows(call, error, `${text} ${rest}`);
  refuse(
    () => radiusGraph([1, 2], 1),
    TypeError,
    "points have 1 to 3 coordinates: positions is [2]",
  );
  refuse(() => radiusGraph([[1, 2, 3, 4]], 1), TypeError, "points have 1 to 3 coordinates");
  refuse(
    () => radiusGraph([[0, 0], [1, NaN]], 1),
    RangeError,
    "positions must be finite: point 1 of positions is [1, NaN]",
  );
  refuse(() => radiusGraph([[Infinity]], 1), RangeError, "positions must be finite");
  refuse(
    () => radiusGraph(points, 0),
    RangeError,
    "radius must be a positive, finite length: got number 0",
  );
  for (const radius of [-1, NaN, Infinity]) {
    refuse(() => radiusGraph(points, radius), RangeError, "r");
  }
  refuse(
    () => radiusGraph(points, 0.5, { box: [4, 1] }),
    RangeError,
    "the radius must be less than half of a periodic box, so that no two images of a point are " +
      "near: radius is 0.5, box is [4, 1]",
  );
  refuse(
    () => radiusGraph(points, 0.1, { box: [1, 1, 1] }),
    RangeError,
    "a box has one positive length for each axis: box is [1, 1, 1], points have 2 coordinates",
  );
  refuse(() => radiusGraph(points, 0.1, { box: [1, -1] }), RangeError, "a box has one positive");
  refuse(
    () => radiusGraph(points, 0.1, { nNode: [1, 2] }),
    RangeError,
    "nNode counts the points of each graph: nNode is [1, 2], there are 2 points",
  );
  assertRefused([
    ...each("positions", JUNK, (bad) => radiusGraph(bad, 1)),
    ...each("radius", JUNK, (bad) => radiusGraph(points, bad)),
    ...each("box", JUNK, (bad) => radiusGraph(points, 0.1, { box: bad })),
    ...each("nNode", JUNK, (bad) => radiusGraph(points, 0.1, { nNode: bad })),
    ["ragged positions", () => radiusGraph([[0, 0], [1]], 1), "positions"],
    ["negative counts", () => radiusGraph(points, 0.1, { nNode: [3, -1] }), "nNode"],
  ]);
});

xlaTest("radiusGraph() inside jit names the neighbour list", () => {
  assertThrows(
    () => jit((x: Tensor) => tf.tensor(radiusGraph(x, 1).senders))(tf.zeros([3, 2])),
    Error,
    "inside jit update a neighborList()",
  );
});
