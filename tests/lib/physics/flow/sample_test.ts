import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type FlowBatch, flowSample } from "../../../../lib/physics/flow/sample.ts";
import { flowTrajectory } from "../../../../lib/physics/flow/trajectory.ts";
import { key } from "../../../../lib/random/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { tinyFlow } from "./tiny_flow.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());
const quiet = { noise: { scale: 0 } };

function batchOf(frames: number[], numFrames = 6): FlowBatch {
  return { ...flowTrajectory(tinyFlow(numFrames)), frames: tf.tensor1d(frames, "int32") };
}

/** Velocities of nodes, from the first columns of their features. */
function velocities(nodes: Tensor): number[] {
  return numbers(tf.slice(nodes, [0, 0], [nodes.shape[0]!, 2]));
}

forEachEngine("flowSample() without noise is the frame and its change", () => {
  const batch = batchOf([1, 3]);
  const { graph, target, mesh } = flowSample(batch, key(0), quiet);
  assertEquals(graph.nodes.shape, [12, 11]);
  assertEquals(mesh.nodeType.shape, [12]);
  const truth = batch.velocity.arraySync() as number[][][];
  assertEquals(velocities(graph.nodes), [...truth[1]!.flat(), ...truth[3]!.flat()]);
  const change = [1, 3].flatMap((t) =>
    truth[t + 1]!.flatMap((v, n) => v.map((x, d) => Math.fround(x - truth[t]![n]![d]!)))
  );
  assertEquals(numbers(target), change);
});

forEachEngine("flowSample() has noise on NORMAL nodes only, which the target takes back", () => {
  const batch = batchOf([2]);
  const plain = flowSample(batch, key(0), quiet);
  const noisy = flowSample(batch, key(0), { noise: { scale: 0.5 } });
  const noise = numbers(tf.sub(noisy.graph.nodes, plain.graph.nodes));
  noise.forEach((x, i) => assertEquals(x !== 0, i === 3 * 11 || i === 3 * 11 + 1, `feature ${i}`));
  const shift = numbers(tf.sub(noisy.target, plain.target));
  assertAlmostEquals(shift[6]!, -noise[33]!, 1e-6);
  assertAlmostEquals(shift[7]!, -noise[34]!, 1e-6);
});

forEachEngine("flowSample() draws other noise for each copy of a frame and for another key", () => {
  const options = { noise: { scale: 0.5 } };
  const draw = (seed: number): number[] =>
    velocities(flowSample(batchOf([2, 2]), key(seed), options).graph.nodes);
  const [first, again, other] = [draw(1), draw(1), draw(2)];
  assertEquals(first, again);
  assert(first![6] !== first![18]);
  assert(first![6] !== other![6]);
});

/** For each copy: 1 where a column of `a` is that of `b`, -1 where it is its negative, else NaN. */
function signs(a: Tensor, b: Tensor, column: number, copies: number): number[] {
  const columnOf = (x: Tensor): number[] => numbers(tf.slice(x, [0, column], [x.shape[0]!, 1]));
  const [left, right] = [columnOf(a), columnOf(b)];
  const rows = left.length / copies;
  return Array.from({ length: copies }, (_, copy) => {
    const own = Array.from({ length: rows }, (_, row) => copy * rows + row);
    return [1, -1].find((sign) => own.every((i) => left[i] === sign * right[i]!)) ?? NaN;
  });
}

forEachEngine("flowSample() mirrors velocities, targets and edges together", () => {
  const copies = 16;
  const batch = batchOf(new Array<number>(copies).fill(1));
  const plain = flowSample(batch, key(3), quiet);
  const { graph, target } = flowSample(batch, key(3), { ...quiet, mirrorAxis: 1 });
  const drawn = signs(graph.nodes, plain.graph.nodes, 1, copies);
  assert(drawn.includes(1) && drawn.includes(-1) && !drawn.includes(NaN));
  assertEquals(signs(target, plain.target, 1, copies), drawn);
  assertEquals(signs(graph.edges, plain.graph.edges, 1, copies), drawn);
  for (
    const [moved, still] of [[graph.nodes, plain.graph.nodes], [target, plain.target]] as const
  ) {
    assertEquals(signs(moved, still, 0, copies), new Array(copies).fill(1));
  }
  for (const column of [0, 2]) {
    assertEquals(signs(graph.edges, plain.graph.edges, column, copies), new Array(copies).fill(1));
  }
});

forEachEngine("flowSample() with other lengths and clocks stays a flow of the same kind", () => {
  // Velocity t², so acceleration is known between frames; every node alike.
  const frames = 10;
  const velocity = Array.from({ length: frames }, (_, t) => new Array(12).fill(t * t)).flat();
  const record = { ...tinyFlow(frames), velocity: { shape: [frames, 6, 2], data: velocity } };
  const batch = { ...flowTrajectory(record), frames: tf.tensor1d([3, 3, 4, 5], "int32") };
  const options = { ...quiet, lengthScale: 0.2, timeScale: 0.1 };
  const { graph, target } = flowSample(batch, key(5), options);
  const plain = flowSample(batch, key(5), quiet);
  const [speed, change] = [velocities(graph.nodes), numbers(target)];
  const [length, plainLength] = [graph, plain.graph].map((g) => numbers(g.edges));
  for (let copy = 0; copy < 4; copy++) {
    const b = length![copy * 18 * 3 + 2]! / plainLength![copy * 18 * 3 + 2]!;
    assert(b > 1 / 1.21 && b < 1.21);
    // v = b q t² and v + dv = b q (t + q)² for some t in [frame, frame + 1) and q near 1.
    const [v, dv] = [speed[copy * 12]!, change[copy * 12]!];
    const q = findClock(v / b, dv / b);
    assert(q > 1 / 1.11 && q < 1.11, `clock ${q}`);
    const t = Math.sqrt(v / b / q);
    const frame = [3, 3, 4, 5][copy]!;
    assert(t > frame - 1e-3 && t < frame + 1 + 1e-3, `time ${t} of frame ${frame}`);
  }
});

/** The q with q t² = v and q (t + q)² = v + dv, by bisection. */
function findClock(v: number, dv: number): number {
  let [low, high] = [0.5, 2];
  for (let i = 0; i < 60; i++) {
    const q = (low + high) / 2;
    const t = Math.sqrt(v / q);
    if (q * (t + q) ** 2 < v + dv) low = q;
    else high = q;
  }
  return (low + high) / 2;
}

forEachEngine("flowSample() refuses frames that are no vector of indices", () => {
  assertThrows(
    () => flowSample({ ...batchOf([0]), frames: tf.scalar(0, "int32") }, key(0)),
    TypeError,
    "Cannot take a sample as frames are a vector of indices: expected int32 [B], got int32 []",
  );
});
