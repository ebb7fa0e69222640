import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { powerLawEdges } from "../../datasets/mod.ts";

Deno.test("edges depend on the seed and their number alone", () => {
  const whole = powerLawEdges({ numNodes: 1000, count: 100, seed: 3 });
  const part = powerLawEdges({ numNodes: 1000, first: 40, count: 60, seed: 3 });
  assertEquals(part.senders, whole.senders.subarray(40));
  assertEquals(part.receivers, whole.receivers.subarray(40));
  const other = powerLawEdges({ numNodes: 1000, count: 100, seed: 4 });
  assertNotEquals(other.senders, whole.senders);
  assertNotEquals(whole.receivers, whole.senders);
  // Beyond 32 bits, too.
  const far = powerLawEdges({ numNodes: 1000, first: 2 ** 40, count: 100, seed: 3 });
  assertNotEquals(far.senders, whole.senders);
});

Deno.test("degrees follow the power law", () => {
  const [numNodes, count] = [1000, 200_000];
  const { senders, receivers } = powerLawEdges({ numNodes, count });
  for (const ends of [senders, receivers]) {
    assert(ends.every((node) => node >= 0 && node < numNodes));
    // Of the first k nodes a share of (k/N)^(1/3).
    for (const k of [1, 8, 125, 343, 1000]) {
      const share = ends.filter((node) => node < k).length / count;
      assertAlmostEquals(share, Math.cbrt(k / numNodes), 0.005);
    }
  }
  // The two ends of an edge are independent.
  const both = senders.filter((node, i) => node < 125 && receivers[i]! < 125).length / count;
  assertAlmostEquals(both, 0.25, 0.005);
});

Deno.test("counts that are none are refused", () => {
  const good = { numNodes: 5, count: 3 };
  for (const [name, value] of [["numNodes", 0], ["count", -1], ["first", 0.5], ["seed", NaN]]) {
    assertThrows(
      () => powerLawEdges({ ...good, [name as string]: value }),
      RangeError,
      `Cannot make edges as ${name} must be a whole number`,
    );
  }
});
