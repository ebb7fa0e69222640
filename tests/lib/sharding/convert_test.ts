import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { type GraphsTuple, graphsTuple, padWithGraphs } from "../../../lib/graph/mod.ts";
import {
  broadcastedShardedGraphsTupleToGraphsTuple,
  graphsTupleToBroadcastedShardedGraphsTuple,
} from "../../../lib/sharding/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { decode, decodeGraph } from "../../support/jraph_golden.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

interface Case {
  readonly graph: unknown;
  readonly shards: number;
  readonly sharded: unknown;
  readonly back: unknown;
}

/** Written by tests/golden/jraph_sharded/generate.py. */
const CASES: readonly Case[] = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/jraph_sharded/golden.json", import.meta.url)),
).cases;

const shard = graphsTupleToBroadcastedShardedGraphsTuple;
const join = broadcastedShardedGraphsTupleToGraphsTuple;

const ring = (): GraphsTuple =>
  graphsTuple({
    nodes: [[1], [2], [3]],
    edges: [[1, 2], [3, 4], [5, 6], [7, 8]],
    senders: [0, 1, 2, 0],
    receivers: [1, 2, 0, 0],
    nNode: [3],
    nEdge: [4],
  });

forEachEngine("graphs are split over devices as by jraph, and joined again", () => {
  for (const golden of CASES) {
    const sharded = shard(decodeGraph(golden.graph), golden.shards);
    assertAllClose(sharded, decode(golden.sharded));
    assertAllClose(join(sharded), decode(golden.back));
    assertAllClose(jit(join)(sharded), decode(golden.back));
  }
});

forEachEngine("gradients flow through sharding, and nothing else is left behind", () => {
  const graph = ring();
  checkGradients(
    (nodes: Tensor, edges: Tensor) => {
      const { nodes: copies, deviceEdges } = shard({ ...graph, nodes, edges }, 2);
      return [tf.square(copies), tf.square(deviceEdges)];
    },
    [tf.tensor([[1], [2], [3]]), tf.tensor([[1, 2], [3, 4], [5, 6], [7, 8]])],
  );
  const before = tf.memory().numTensors;
  const sharded = shard(graph, 2);
  assertEquals(tf.memory().numTensors, before + 10);
  join(sharded);
  assertEquals(tf.memory().numTensors, before + 10 + 6);
});

Deno.test("a joined graph shows itself", () => {
  assertStringIncludes(Deno.inspect(join(shard(ring(), 4))), "1 graph, 3 nodes, 4 edges");
});

Deno.test("sharding refuses edges that cannot be split evenly, and says how to pad them", () => {
  assertThrows(
    () => shard(ring(), 3),
    RangeError,
    "Cannot shard a graph as each shard takes the same number of edges, 1 or more: there are 4 " +
      "edges for 3 shards (pad the graph to 6 edges with padWithGraphs() before)",
  );
  assertEquals(shard(padWithGraphs(ring(), 4, 6), 3).deviceSenders.shape, [3, 2]);
  assertThrows(() => shard(graphsTuple({ nNode: [2] }), 2), RangeError, "to 2 edges");
  for (const shards of [0, -2, 1.5, NaN]) {
    assertThrows(() => shard(ring(), shards), RangeError, `numShards is ${shards}`);
  }
  assertThrows(() => shard({ ...ring(), edges: tf.zeros([3]) }, 2), TypeError, "edges is float32");
});

Deno.test("joining refuses fields that are not in shards, or not those of one graph", () => {
  const sharded = shard(ring(), 2);
  assertThrows(
    () => join({ ...sharded, deviceEdges: tf.zeros([4, 2]) }),
    TypeError,
    "Cannot join shards as every field must have a leading axis of devices: senders is int32 " +
      "[2, 4], deviceEdges is float32 [4, 2]",
  );
  assertThrows(
    () => join({ ...sharded, nNode: tf.scalar(3, "int32") }),
    TypeError,
    "nNode must be int32 of rank 2: got int32 []",
  );
  const others = tf.tensor([[0, 1], [2, 1]], [2, 2], "int32");
  assertThrows(
    () => join({ ...sharded, deviceSenders: others }),
    RangeError,
    "deviceSenders must be senders cut into runs: edge 3 has 1 and 0",
  );
  assertThrows(
    () => join({ ...sharded, deviceReceivers: tf.zeros([2, 1], "int32") }),
    RangeError,
    "deviceReceivers must be receivers cut into runs",
  );
});

Deno.test("sharding needs values: a tracer is refused with the way round", async () => {
  const nEdge = await pretendTracer(tf.tensor([4], [1], "int32"));
  assertThrows(() => shard({ ...ring(), nEdge }, 2), TracerError, "(shard before jit, and pass");
});
