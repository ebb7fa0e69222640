import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../examples/basic.ts";
import type { GraphsTuple } from "../../mod.ts";
import { forEachEngine } from "../support/engines.ts";

forEachEngine("the basic example shows graphs of the sizes that it says", () => {
  const shown = new Map<string, unknown>();
  main((title, value) => shown.set(title, value));
  const sizes = (title: string): number[][] => {
    const { nNode, nEdge, senders } = shown.get(title) as GraphsTuple;
    return [[...nNode.dataSync()], [...nEdge.dataSync()], [...senders.dataSync()]];
  };
  assertEquals(sizes("Three graphs, batched:"), [[3, 3, 1], [2, 2, 1], [0, 1, 3, 4, 6]]);
  assertEquals(sizes("for the batch:"), sizes("Three graphs, batched:"));
  assertEquals(sizes("compiled, for the padded graph:"), [[3, 7, 0, 0], [2, 3, 0, 0], [
    0,
    1,
    3,
    3,
    3,
  ]]);
  assertEquals(sizes("Without the padding again:"), sizes("A graph:"));
  assertStringIncludes(Deno.inspect(shown.get("A graph with nested features:")), "nodes.position");
});
