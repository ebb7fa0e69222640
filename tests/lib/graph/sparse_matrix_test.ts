import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { sparseMatrixToGraphsTuple } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

forEachEngine("sparseMatrixToGraphsTuple() makes k edges of a value k, in place", () => {
  const graph = sparseMatrixToGraphsTuple([0, 1, 2], [1, 2, 0], [2, 0, 1], [3]);
  assertAllClose(graph.senders, tf.tensor([0, 0, 2], [3], "int32"));
  assertAllClose(graph.receivers, tf.tensor([1, 1, 0], [3], "int32"));
  assertAllClose(graph.nEdge, tf.tensor([3], [1], "int32"));
  assertAllClose(graph.nNode, tf.tensor([3], [1], "int32"));
  assertEquals([graph.nodes, graph.edges, graph.globals], [null, null, null]);
});

forEachEngine("sparseMatrixToGraphsTuple() takes a matrix without entries", () => {
  const graph = sparseMatrixToGraphsTuple([], [], [], 4);
  assertAllClose([graph.senders, graph.nNode, graph.nEdge], [[], [4], [0]]);
});

Deno.test("sparseMatrixToGraphsTuple() says what is wrong with a matrix", async () => {
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [1], [1, 2], [2]),
    TypeError,
    "there are 1 senders, 1 receivers, 2 values",
  );
  assertThrows(() => sparseMatrixToGraphsTuple([0], [1], [-1], [2]), RangeError, "values[0] is -1");
  assertThrows(() => sparseMatrixToGraphsTuple([0], [1], [0.5], [2]), RangeError, "value 0 is 0.5");
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [2], [1], [2]),
    RangeError,
    "receivers[0] is 2",
  );
  const tracer = await pretendTracer(tf.tensor([1], [1], "int32"));
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [1], tracer, [2]),
    TracerError,
    "before jit, and pass it in",
  );
});
