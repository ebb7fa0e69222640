import * as tf from "@tensorflow/tfjs";
import { assertGreater } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import {
  broadcastedShardedGraphsTupleToGraphsTuple as join,
  graphsTupleToBroadcastedShardedGraphsTuple as shard,
} from "../../../lib/sharding/mod.ts";
import { assertRefused, BAD_COUNTS, type BadCall, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";

const good = (): GraphsTuple =>
  graphsTuple({ nodes: [1, 2], senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] });

const INDEX_FIELDS = ["senders", "receivers", "deviceSenders", "deviceReceivers", "nNode", "nEdge"];

forEachEngine("the sharding functions refuse bad input in their own words, by name", () => {
  const sharded = shard(good(), 2);
  const calls: BadCall[] = [
    ...each(
      "numShards",
      { ...BAD_COUNTS, null: null, undefined, "0": 0 },
      (bad) => shard(good(), bad),
    ),
    ...each("a graph", { ...JUNK, null: null, undefined, "{}": {} }, (bad) => shard(bad, 2)),
    ...each(
      "shards",
      { ...JUNK, null: null, undefined, "{}": {}, "a graph": good() },
      (bad) => join(bad),
    ),
    ...INDEX_FIELDS.flatMap((name) =>
      each(name, {
        ...JUNK,
        null: null,
        undefined,
        "a scalar": tf.scalar(0, "int32"),
        "floats": tf.zeros([2, 2]),
        "too many devices": tf.zeros([3, 2], "int32"),
      }, (bad) => join({ ...sharded, [name]: bad }))
    ),
    ...each("nodes", {
      ...JUNK,
      "too few devices": tf.zeros([1, 2]),
      "too few rows": tf.zeros([2, 1]),
    }, (bad) => join({ ...sharded, nodes: bad })),
  ];
  assertGreater(calls.length, 80);
  assertRefused(calls);
});
