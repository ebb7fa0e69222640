import { assert, assertEquals, assertThrows } from "@std/assert";
import { gridWorlds } from "../../datasets/mod.ts";

const OPTIONS = { count: 20, rows: 6, columns: 7, seed: 4 };

Deno.test("gridWorlds() gives the shortest distances, as an independent relaxation finds them", () => {
  const { isGoal, distance, senders, receivers, nNode, nEdge } = gridWorlds(OPTIONS);
  assertEquals([nNode.length, nEdge.length], [20, 20]);
  assertEquals(nNode.reduce((a, b) => a + b), distance.length);
  assertEquals(nEdge.reduce((a, b) => a + b), senders.length);
  assertEquals(isGoal.reduce((a, b) => a + b), 20);
  // Bellman and Ford.
  const found = Float64Array.from(isGoal, (goal) => goal ? 0 : Infinity);
  for (let round = 0; round < 42; round++) {
    senders.forEach((sender, e) => {
      found[receivers[e]!] = Math.min(found[receivers[e]!]!, found[sender]! + 1);
    });
  }
  assertEquals([...found], [...distance]);
});

Deno.test("gridWorlds() joins neighbouring cells in both directions, within their world", () => {
  const { position, senders, receivers, nNode } = gridWorlds(OPTIONS);
  const world = Array.from(nNode).flatMap((count, i) => Array(count).fill(i));
  const steps = new Set<string>();
  senders.forEach((sender, e) => {
    const receiver = receivers[e]!;
    const apart = [0, 1].map((i) =>
      Math.abs(position[2 * sender + i]! - position[2 * receiver + i]!)
    );
    assertEquals([apart[0]! + apart[1]!, world[sender]], [1, world[receiver]]);
    steps.add(`${sender} ${receiver}`);
  });
  assertEquals(steps.size, senders.length);
  for (const step of steps) assert(steps.has(step.split(" ").reverse().join(" ")));
});

Deno.test("gridWorlds() are whole grids without walls, the same by the seed, and refuse nonsense", () => {
  const { nNode, nEdge } = gridWorlds({ ...OPTIONS, walls: 0 });
  assertEquals(new Set(nNode), new Set([42]));
  assertEquals(new Set(nEdge), new Set([2 * (6 * 6 + 5 * 7)]));
  assertEquals(gridWorlds(OPTIONS), gridWorlds(OPTIONS));
  assert(gridWorlds(OPTIONS).nNode.join() !== gridWorlds({ ...OPTIONS, seed: 5 }).nNode.join());
  assertThrows(
    () => gridWorlds({ ...OPTIONS, rows: 0 }),
    RangeError,
    "as rows is 1 or more: got 0",
  );
  assertThrows(() => gridWorlds({ ...OPTIONS, walls: 1 }), RangeError, "to below 1: got 1");
  assertThrows(() => gridWorlds({ ...OPTIONS, seed: NaN }), RangeError, "got NaN");
});
