import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { graphMapFeatures, graphModel, graphNetwork } from "../../../lib/models/mod.ts";
import { type Tensor, treeMap } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

const graph = () => graphsTuple({ nodes: [[1], [2]], nNode: [2] });

forEachEngine("graphModel() disposes what its function computes on the way", () => {
  const model = graphModel((g) => ({
    ...g,
    nodes: treeMap((x) => tf.add(tf.mul(x, 2), 1), g.nodes),
  }));
  const given = graph();
  const { nodes } = assertLeavesBehind(1, () => model(given));
  assertEquals((nodes as Tensor).arraySync(), [[3], [5]]);
});

Deno.test("graphModel() makes null of undefined features, before its function and after it", () => {
  let seen: GraphsTuple | null = null;
  const model = graphModel((g) => {
    seen = g;
    return { ...g, globals: undefined as unknown as null };
  });
  const result = model({ ...graph(), edges: undefined as unknown as null });
  assertEquals([seen!.edges, result.edges, result.globals], [null, null, null]);
});

Deno.test("graphModel() says what is no graph, and what is no tensor in a result", () => {
  const model = graphModel((g) => ({ ...g, nodes: { x: 3 as unknown as Tensor } }));
  assertThrows(
    () => model(3 as unknown as GraphsTuple),
    TypeError,
    "Cannot apply a model as it takes a GraphsTuple: got number 3",
  );
  assertThrows(() => model(graph()), TypeError, "nodes.x");
});

Deno.test("a function that loses rows is told so, of which it is", () => {
  const graph = graphsTuple({
    nodes: [[1], [2], [3]],
    edges: [[1], [2]],
    senders: [0, 1],
    receivers: [1, 2],
    nNode: [3],
    nEdge: [2],
  });
  const less = (x: Tensor): Tensor => tf.slice(x, [0, 0], [1, 1]);
  const error = assertThrows(
    () => graphNetwork({ updateNodeFn: less })(graph),
    TypeError,
  );
  assertEquals(
    error.message,
    "Cannot apply a model as what its functions give has a row for each node: 3 nodes, and " +
      "features [1, 1]",
  );
  assertThrows(
    () => graphMapFeatures({ embedEdgeFn: less })(graph),
    TypeError,
    "a row for each edge: 2 edges, and features [1, 1]",
  );
});
