import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  jit,
  plateModel,
  type PlateTrajectory,
  plateTrajectory,
  random,
  type Tensor,
  type WorldEdgeList,
} from "../../../../mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { frameOf, network, paramsOf, plate } from "../simulator_golden.ts";

const { radius, record } = plate;
const model = plateModel({ network, radius, noise: { scale: 0 } });
const load = (padTo?: { nodes: number; edges: number }): PlateTrajectory =>
  plateTrajectory(record, model.worldEdges, padTo ? { padTo } : {});
const zero = (): Tensor => tf.scalar(0, "int32");

/** The golden weights, and normalisers that have seen a sample. */
function weigh(sample: ReturnType<typeof model.sample>) {
  const { normalizers } = model.init(random.key(0));
  return {
    params: paramsOf<never>(plate.params),
    normalizers: model.accumulate(normalizers, sample),
  };
}
const frames = (...of: number[]): Tensor => tf.tensor1d(of, "int32");
const start = (trajectory: PlateTrajectory) => ({
  worldPosition: frameOf(trajectory.worldPosition, 0),
  stress: frameOf(trajectory.stress, 0),
  worldEdges: trajectory.worldEdges,
});

forEachEngine("a step of a plate is that of the formulas: loss, position and stress", () => {
  const trajectory = load();
  const sample = model.sample({ ...trajectory, frames: frames(0) }, random.key(0));
  const weights = weigh(sample);
  assertEquals(
    [...sample.graph.worldReceivers.dataSync()].filter((id) => id < 9).length,
    plate.numWorldEdges,
  );
  assertAlmostEquals(model.loss(weights, sample).dataSync()[0]! / plate.loss, 1, 1e-4);
  for (const predict of [model.predict, jit(model.predict)]) {
    const next = predict(weights, trajectory, start(trajectory), zero());
    assertAllClose(next.worldPosition, plate.next, { rtol: 1e-4, atol: 1e-4 });
    assertAllClose(next.stress, plate.stress, { rtol: 1e-3, atol: 1e-3 });
    assertEquals(next.worldEdges.numEdges.dataSync()[0], plate.numWorldEdges);
  }
});

forEachEngine("padding a plate changes nothing: it touches nothing, and is not counted", () => {
  const trajectory = load({ nodes: 13, edges: 60 });
  const sample = model.sample({ ...trajectory, frames: frames(0) }, random.key(0));
  const weights = weigh(sample);
  assertAlmostEquals(model.loss(weights, sample).dataSync()[0]! / plate.loss, 1, 1e-4);
  const next = model.predict(weights, trajectory, start(trajectory), zero());
  const real = tf.slice(next.worldPosition, 0, 9);
  assertAllClose(real, plate.next, { rtol: 1e-4, atol: 1e-4 });
  assertEquals(next.worldEdges.numEdges.dataSync()[0], plate.numWorldEdges);
});

forEachEngine("several frames are a batch: each with world edges of its own", () => {
  const trajectory = load();
  const one = model.sample({ ...trajectory, frames: frames(0) }, random.key(0));
  const two = model.sample({ ...trajectory, frames: frames(0, 0) }, random.key(0));
  const weights = weigh(one);
  assertAllClose(model.loss(weights, two), model.loss(weights, one), { rtol: 1e-4 });
  const { worldSenders, worldReceivers, nodes } = two.graph;
  assertEquals(nodes.shape[0], 18);
  const [from, to] = [worldSenders, worldReceivers].map((ids) => [...ids.dataSync()]);
  const size = from!.length / 2;
  assertEquals(from!.slice(size), from!.slice(0, size).map((id) => id < 9 ? id + 9 : 18));
  assertEquals(to!.slice(size), to!.slice(0, size).map((id) => id < 9 ? id + 9 : 18));
  assertEquals(from!.filter((id) => id < 18).length, 2 * plate.numWorldEdges);
});

forEachEngine(
  "noise moves NORMAL nodes alone; the target mends it, and the motion is clean",
  () => {
    const noisy = plateModel({ network, radius, noise: { scale: 0.01 } });
    const batch = { ...load(), frames: frames(0) };
    const [clean, moved] = [model, noisy].map((each) => each.sample(batch, random.key(1)));
    const way = tf.sub(moved!.graph.nodes, clean!.graph.nodes).arraySync() as number[][];
    const types = Array.from(record.node_type!.data);
    way.forEach((row, node) => {
      assertEquals(row.slice(0, 3).every((x) => x !== 0), types[node] === 0);
      assert(row.slice(3).every((x) => x === 0));
    });
    const mended = tf.add(
      tf.slice(tf.sub(moved!.target, clean!.target), [0, 0], [9, 3]),
      tf.tensor2d(way.map((row) => row.slice(0, 3))),
    );
    assertAllClose(mended, tf.zeros([9, 3]), { atol: 1e-6 });
  },
);

forEachEngine("stress is learned as its root, its logarithm or itself", () => {
  const batch = { ...load(), frames: frames(0) };
  const of = (stress: "linear" | "sqrt" | "log") =>
    plateModel({ network, radius, stress }).sample(batch, random.key(0)).target
      .slice([0, 3], [9, 1]);
  const real = frameOf(batch.stress, 1);
  assertAllClose(of("linear"), real);
  assertAllClose(of("sqrt"), tf.sqrt(real));
  assertAllClose(of("log"), tf.log1p(real));
  assertThrows(
    () => plateModel({ stress: "cube" as never }),
    TypeError,
    "Cannot make a model of a plate as stress is scaled in a known way: expected one of linear, " +
      "sqrt, log, got string cube",
  );
});

forEachEngine("too little room for world edges is a statistic, and stays", () => {
  const trajectory = load();
  const { worldEdges } = trajectory;
  const cut = (ids: Tensor): Tensor => tf.slice(ids, 0, 1);
  const tight: WorldEdgeList = {
    ...worldEdges,
    senders: cut(worldEdges.senders),
    receivers: cut(worldEdges.receivers),
  };
  const full = model.sample({ ...trajectory, frames: frames(0) }, random.key(0));
  const lacking = model.sample(
    { ...trajectory, worldEdges: tight, frames: frames(0) },
    random.key(0),
  );
  const flags = (...samples: (typeof full)[]): number => {
    let { normalizers } = model.init(random.key(0));
    for (const sample of samples) normalizers = model.accumulate(normalizers, sample);
    return normalizers.didOverflow.dataSync()[0]!;
  };
  assertEquals([flags(full), flags(lacking), flags(lacking, full)], [0, 1, 1]);
});

Deno.test("a plate's frames are a vector", () => {
  assertThrows(
    () => model.sample({ ...load(), frames: tf.scalar(0, "int32") }, random.key(0)),
    TypeError,
    "Cannot take a sample of a plate as frames are a vector of indices: expected int32 [B], got",
  );
});
