import * as tf from "@tensorflow/tfjs";
import { rolloutMeshes } from "../../../datasets/mod.ts";
import {
  adam,
  bodiesFrames,
  bodiesSimulator,
  forceNetwork,
  leapfrog,
  multigraphNets,
  type PhaseState,
  plateModel,
  plateTrajectory,
  random,
  scanRollout,
  type Tensor,
  worldEdgeList,
} from "../../../mod.ts";
import { assertRefused, BAD_COUNTS, BAD_IDS, each, JUNK } from "../../support/bad_input.ts";
import { bodiesRecord, plate } from "./simulator_golden.ts";

await tf.setBackend("cpu");

const NOTHING = { ...JUNK, null: null, undefined: undefined };
const NO_NUMBERS = { ...JUNK, null: null, NaN: NaN, Infinity: Infinity };
const LENGTHS = { ...NO_NUMBERS, zero: 0, "a negative": -1 };
const COUNTS = { ...BAD_COUNTS };
delete (COUNTS as Record<string, unknown>)["more than int32"];

Deno.test("plates refuse records and lengths that are none", () => {
  const edges = worldEdgeList({ radius: 1 });
  const load = (change: object) => plateTrajectory({ ...plate.record, ...change }, edges);
  assertRefused([
    ...Object.keys(plate.record).flatMap((name) =>
      each(name, NOTHING, (bad) => load({ [name]: bad }), name)
    ),
    ...each("record", NOTHING, (bad) => plateTrajectory(bad as never, edges), "mesh_pos"),
    ...each("radius", LENGTHS, (radius) => worldEdgeList({ radius }), "radius"),
    ...each("model's radius", { ...LENGTHS }, (radius) => plateModel({ radius }), "radius"),
    ...each("padTo", { fractions: { nodes: 9.5, edges: 99 }, less: { nodes: 3, edges: 99 } }, (
      padTo,
    ) => plateTrajectory(plate.record, edges, { padTo }), "padTo is"),
    ...each(
      "stress",
      { ...JUNK, inherited: "constructor" },
      (stress) => plateModel({ stress }),
      "stress is scaled in a known way",
    ),
  ]);
});

Deno.test("world edges refuse positions and meshes that are none", () => {
  const edges = worldEdgeList({ radius: 1 });
  const points = [[0, 0], [1, 1]];
  const mesh = { senders: [0], receivers: [1] };
  const list = edges.allocate(points, mesh);
  assertRefused([
    ...each("positions", { ...JUNK, NaN: [[0, NaN]] }, (bad) => edges.allocate(bad, mesh)),
    ...each("senders", BAD_IDS, (senders) => edges.allocate(points, { senders, receivers: [1] })),
    ...each("list", NOTHING, (bad) => edges.update(tf.tensor2d(points), bad), "been allocated"),
    ...each("moved", NOTHING, (bad) => edges.update(bad, list), "positions must be a float32"),
    [
      "another number of points",
      () => edges.update(tf.zeros([3, 2]), list),
      "it is of as many points",
    ],
  ]);
});

Deno.test("networks of several sets of edges refuse sizes and edges that are none", () => {
  const make = (options: object) =>
    multigraphNets({ edgeSets: ["a"], outputSize: 1, latentSize: 2, steps: 1, ...options });
  const params = make({}).init(random.key(0), { nodes: 1, a: 1 });
  const apply = (set: object) =>
    make({}).apply(params, {
      nodes: tf.ones([2, 1]),
      edgeSets: {
        a: {
          features: tf.ones([1, 1]),
          senders: tf.tensor1d([0], "int32"),
          receivers: tf.tensor1d([1], "int32"),
          ...set,
        },
      },
    });
  assertRefused([
    ...["outputSize", "latentSize", "hiddenLayers", "steps"].flatMap((name) =>
      each(name, COUNTS, (bad) => make({ [name]: bad }), name)
    ),
    [
      "two senders",
      () => apply({ senders: tf.tensor1d([0, 1], "int32") }),
      "each edge has two ends: a has features [1, 1], senders [2], receivers [1]",
    ],
    ["ids of another dtype", () => apply({ receivers: tf.tensor1d([1]) }), "int32"],
  ]);
});

Deno.test("bodies refuse records, sizes and times that are none", () => {
  const record = bodiesRecord();
  const load = (change: object) => bodiesFrames([{ ...record, ...change }]);
  const flow = forceNetwork({ latentSize: 2 });
  const state: PhaseState = { position: tf.zeros([1]), momentum: tf.zeros([1]) };
  const free = { velocity: (s: PhaseState) => s.momentum, force: (s: PhaseState) => s.position };
  assertRefused([
    ...["mass", "strength", "position", "momentum", "senders", "receivers"].flatMap((name) =>
      each(name, { ...JUNK, null: null }, (bad) => load({ [name]: bad }))
    ),
    ...each("records", NOTHING, (bad) => bodiesFrames(bad)),
    ...each("a record", NOTHING, (bad) => bodiesFrames([record, bad])),
    ...each(
      "dt",
      LENGTHS,
      (dt) => bodiesSimulator({ network: flow, dt, optimizer: adam(0) }),
      "dt is the time",
    ),
    ...each("a step", NO_NUMBERS, (dt) => leapfrog(free, state, dt), "dt is a finite number"),
    ...each("latentSize", COUNTS, (latentSize) => forceNetwork({ latentSize }), "latentSize"),
  ]);
});

Deno.test("rollouts as one program refuse what is no step, frame or number", () => {
  const x = tf.zeros([1, 1]);
  const same = (x: Tensor): Tensor => tf.clone(x);
  const position = { shape: [1, 2], data: [0, 0] };
  assertRefused([
    ...each("step", NOTHING, (bad) => scanRollout(bad, x, 1), "a step is a function"),
    ...each("initial", NOTHING, (bad) => scanRollout(same, bad, 1), "the initial frame is"),
    ...each("steps", COUNTS, (bad) => scanRollout(same, x, bad), "steps must be a positive"),
    ...each("start", NO_NUMBERS, (start) => scanRollout(same, x, 1, { start }), "start is the"),
    ...each("result", NOTHING, (bad) => scanRollout(() => bad, x, 1), "is a tensor"),
    ...each("positions", NOTHING, (position) => [...rolloutMeshes({ position })], "positions"),
    ...each("fields", NOTHING, (f) => [...rolloutMeshes({ position, fields: { f } })], "f is"),
    ...each("cells", { ...JUNK, null: null }, (cells) => [...rolloutMeshes({ position, cells })]),
  ]);
});
