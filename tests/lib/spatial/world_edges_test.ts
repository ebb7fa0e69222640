import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { worldEdges } from "../../../mod.ts";
import golden from "../../golden/spatial/golden.json" with { type: "json" };
import { assertRefused, BAD_IDS, each, JUNK } from "../../support/bad_input.ts";
import { steps } from "../../support/tier.ts";
import { bruteForce, drawn, edgeList } from "./points.ts";

Deno.test("worldEdges() are MeshGraphNets', for a sheet folded over another", () => {
  const { positions, radius, meshSenders, meshReceivers, senders, receivers } = golden.world;
  const edges = worldEdges(positions, radius, meshSenders, meshReceivers);
  assertEquals([...edges.senders], senders);
  assertEquals([...edges.receivers], receivers);
  // The mesh's edges in the other direction leave out the same pairs.
  assertEquals(worldEdges(positions, radius, meshReceivers, meshSenders), edges);
});

Deno.test("worldEdges() are the pairs within the radius but for those of the mesh", () => {
  const pairs = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 40 });
  fc.assert(
    fc.property(drawn, pairs, (draw, pairs) => {
      const count = draw.points.length;
      const mesh = count === 0 ? [] : pairs.map(([a, b]) => [a % count, b % count] as const);
      const edges = worldEdges(
        draw.points,
        0.25,
        Int32Array.from(mesh, ([a]) => a),
        Int32Array.from(mesh, ([, b]) => b),
        { box: draw.isPeriodic ? 1 : null, nNode: draw.nNode },
      );
      const joined = new Set(mesh.flatMap(([a, b]) => [`${a}>${b}`, `${b}>${a}`]));
      assertEquals(edgeList(edges), bruteForce(draw, 0.25).filter((edge) => !joined.has(edge)));
      assertEquals(edges.nEdge.reduce((a, b) => a + b, 0), edges.senders.length);
    }),
    { seed: 3, numRuns: steps(100, 3000) },
  );
});

Deno.test("worldEdges() says what is wrong with the mesh's edges", () => {
  const points = [[0, 0], [1, 1]];
  assertThrows(
    () => worldEdges(points, 1, [0, 2], [1, 0]),
    RangeError,
    "Cannot make world edges as mesh edges join nodes that have a position: meshSenders[1] is 2, " +
      "there are 2 positions",
  );
  assertThrows(
    () => worldEdges(points, 1, [0], []),
    TypeError,
    "Cannot make world edges as each mesh edge has two ends: meshSenders has 1, meshReceivers 0",
  );
  assertRefused([
    ...each("mesh edges", BAD_IDS, (bad) => worldEdges(points, 1, [0, 1], bad), "meshReceivers"),
    ...each("positions", JUNK, (bad) => worldEdges(bad, 1, [], []), "worldPositions"),
    ...each("radius", JUNK, (bad) => worldEdges(points, bad, [], []), "radius"),
  ]);
});
