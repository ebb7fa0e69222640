import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { NodeType, nodeTypeMask, nodeTypeOneHot } from "../../../lib/physics/node_type.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("nodeTypeOneHot() has a column for each of nine types", () => {
  const types = tf.tensor1d([NodeType.NORMAL, NodeType.WALL_BOUNDARY, 8], "int32");
  const oneHot = nodeTypeOneHot(types);
  assertEquals([oneHot.dtype, oneHot.shape], ["float32", [3, 9]]);
  assertEquals(oneHot.arraySync(), [
    [1, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 1],
  ]);
});

forEachEngine("nodeTypeMask() marks any of the types, and none for an empty list", () => {
  const types = tf.tensor1d([0, 1, 2, 3, 4, 5, 6], "int32");
  const mask = nodeTypeMask(types, [NodeType.NORMAL, NodeType.OUTFLOW]);
  assertEquals(mask.dtype, "bool");
  assertEquals([...mask.dataSync()], [1, 0, 0, 0, 0, 1, 0]);
  assertEquals([...nodeTypeMask(types, []).dataSync()], [0, 0, 0, 0, 0, 0, 0]);
});

forEachEngine("node types are refused unless they are an int32 vector", () => {
  assertThrows(
    () => nodeTypeOneHot(tf.zeros([1, 3, 1], "int32")),
    TypeError,
    "Cannot write node types as one-hot rows as they are a vector: expected int32 [N], got int32 " +
      "[1, 3, 1] (MeshGraphNets' node_type is [1, N, 1]: reshape it)",
  );
  assertThrows(() => nodeTypeMask(tf.zeros([3]), [0]), TypeError, "got float32 [3]");
});
