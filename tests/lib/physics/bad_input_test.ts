import * as tf from "@tensorflow/tfjs";
import { assertRejects } from "@std/assert";
import {
  cellsToEdges,
  flowTrajectory,
  frameNoise,
  mseAtHorizons,
  nodeTypeOneHot,
  normalizer,
  persistence,
  predictEachFrame,
  random,
  rollout,
  type Tensor,
  verlet,
} from "../../../mod.ts";
import { assertRefused, BAD_COUNTS, each, JUNK } from "../../support/bad_input.ts";

await tf.setBackend("cpu");

const NOTHING = { ...JUNK, null: null, undefined: undefined };
const NO_NUMBERS = { ...JUNK, null: null, NaN: NaN, Infinity: Infinity };

/** A record of one triangle and two frames. */
const record = () => ({
  cells: { shape: [1, 1, 3], data: [0, 1, 2] },
  mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
  node_type: { shape: [1, 3, 1], data: [0, 4, 5] },
  velocity: { shape: [2, 3, 2], data: new Float32Array(12) },
});

Deno.test("flowTrajectory() refuses numbers that integers would hide", () => {
  const cells = (node: number) => ({ shape: [1, 1, 3], data: [0, 1, node] });
  const types = (type: number) => ({ shape: [1, 3, 1], data: [0, 4, type] });
  assertRefused([
    ...[0.5, NaN, 2 ** 31, -1].map((node) =>
      [
        `node ${node}`,
        () => flowTrajectory({ ...record(), cells: cells(node) }),
        `is ${node}`,
      ] as const
    ),
    ...[0.5, NaN, 9, -1].map((type) =>
      [
        `type ${type}`,
        () => flowTrajectory({ ...record(), node_type: types(type) }),
        "to 8",
      ] as const
    ),
    ["padTo", () => flowTrajectory(record(), { padTo: { nodes: 4.5, edges: 7 } }), "padTo is 4.5"],
  ]);
});

Deno.test("cellsToEdges() refuses what holds no indices", () => {
  const data = Int32Array.of(0, 1);
  const notData = { ...NOTHING, fractions: [0.5, 1], doubles: Float64Array.of(2 ** 32, 1) };
  const counts = { ...BAD_COUNTS };
  delete (counts as Record<string, unknown>).Infinity;
  delete (counts as Record<string, unknown>)["more than int32"];
  assertRefused([
    ...each("data", notData, (bad) => cellsToEdges({ type: "line", data: bad }), "an Int32Array"),
    ...each(
      "type",
      { ...NOTHING, inherited: "constructor" },
      (type) => cellsToEdges({ type, data }),
    ),
    ...each("cells", { null: null, undefined: undefined, map: new Map() }, (c) => cellsToEdges(c)),
    ...each("numNodes", counts, (numNodes) => cellsToEdges({ type: "line", data }, { numNodes })),
  ]);
});

Deno.test("metrics refuse frames with numbers missing, and counts that are none", () => {
  const frames = { shape: [2, 2], data: new Float32Array(4) };
  const bad = { ...NOTHING, short: { shape: [2, 2], data: new Float32Array(3) } };
  const counts = { ...BAD_COUNTS };
  delete (counts as Record<string, unknown>)["more than int32"];
  assertRefused([
    ...each("predicted", bad, (predicted) => mseAtHorizons(predicted, frames), "frames are {shape"),
    ...each("truth", bad, (truth) => mseAtHorizons(frames, truth), "frames are {shape, data}"),
    ...each("frames", bad, (truth) => persistence(truth, 1), "frames are {shape, data}"),
    ...each("steps", counts, (steps) => persistence(frames, steps), "steps is a number of frames"),
  ]);
});

Deno.test("rollouts refuse what is no step, no frame and no number of a frame", async () => {
  const x = tf.zeros([2, 2]);
  const same = (x: Tensor): Tensor => tf.clone(x);
  const refuse = (call: () => Promise<unknown>, mention: string) =>
    assertRejects(call, Error, mention);
  for (const value of Object.values({ ...NOTHING })) {
    const bad = value as never;
    await refuse(() => rollout(bad, x, 1), "Cannot roll out as a step is a function: got");
    await refuse(
      () => predictEachFrame(bad, x),
      "Cannot predict each frame as a step is a function",
    );
    await refuse(
      () => rollout(same, bad, 1),
      "Cannot roll out as the initial frame is a tensor: got",
    );
    await refuse(() => predictEachFrame(same, bad), "Cannot predict each frame as the truth is a");
    await refuse(
      () => rollout(() => bad, x, 1),
      "Cannot roll out as what a step gives is a tensor",
    );
    if (value === undefined) continue;
    await refuse(
      () => rollout(same, x, bad),
      "Cannot roll out as steps must be a positive integer: got",
    );
    await refuse(
      () => rollout(same, x, 1, { start: bad }),
      "as start is the number of a frame: got",
    );
  }
  const grows = (_: Tensor, frame: Tensor): Tensor => tf.zeros([1 + frame.dataSync()[0]!]);
  await refuse(() => predictEachFrame(grows, tf.zeros([3, 2])), "as a step keeps shape and dtype");
});

Deno.test("physics refuses numbers of which NaN would come", () => {
  const [rows, mask] = [tf.zeros([2, 2]), tf.ones([2])];
  const noise = (options: { scale: number; gamma?: number }) =>
    frameNoise(random.key(0), { current: rows, next: rows }, mask, options);
  const energy = (state: { position: Tensor }): Tensor => tf.sum(state.position);
  const { init, accumulate } = normalizer();
  const counts = { ...BAD_COUNTS };
  delete (counts as Record<string, unknown>)["more than int32"];
  assertRefused([
    ...each("scale", NO_NUMBERS, (scale) => noise({ scale }), "scale is"),
    ...each("gamma", NO_NUMBERS, (gamma) => noise({ scale: 1, gamma }), "gamma is"),
    ...each(
      "dt",
      NO_NUMBERS,
      (dt) => verlet(energy, { position: rows, momentum: rows }, dt),
      "dt is",
    ),
    ...each("size", counts, (size) => init(size), "size is a number of features"),
    ...each(
      "state",
      NOTHING,
      (state) => accumulate(state, rows),
      "the state must be that of init()",
    ),
    ...each("rows", NOTHING, (bad) => accumulate(init(2), bad), "expected float32 [N, 2], got"),
    ...each("mask", JUNK, (bad) => accumulate(init(2), rows, bad), "the mask has a value a row"),
    ...each("node types", NOTHING, (types) => nodeTypeOneHot(types), "expected int32 [N], got"),
  ]);
});
