import { assertEquals } from "@std/assert";
import { haloOf } from "../../benchmarks/halo_traffic.ts";

// Of two devices the first owns nodes 0 and 2, the second 1 and 3.
const graph = {
  numNodes: 4,
  senders: Int32Array.of(0, 1, 3, 1, 2, 0),
  receivers: Int32Array.of(2, 0, 2, 2, 3, 1),
};

Deno.test("a halo has each sender of another device once", () => {
  // The first needs 1 (twice) and 3, the second 2 and 0; four and two edges.
  assertEquals(haloOf(graph, 2), { sent: 4, largest: 2, imbalance: 4 / 3 });
  assertEquals(haloOf(graph, 1), { sent: 0, largest: 0, imbalance: 1 });
});

Deno.test("hubs are sent to nobody, and their edges are dealt out", () => {
  // Node 0 is on both: the second needs 2 alone, and gets the second edge, so that 1 is its own.
  assertEquals(haloOf(graph, 2, 1), { sent: 3, largest: 2, imbalance: 1 });
});
