/**
 * `deno run -A benchmarks/operations.ts`: what the single operations of a training step of
 * MeshGraphNets cost (2,000 nodes, 12,000 edges, width 128), each as a program of its own, by
 * turns.
 *
 * Milliseconds of all cores' time, as those of the clock say more of what else runs; medians of the
 * rounds that an argument tells (20).
 */
import * as tf from "@tensorflow/tfjs";
import {
  grad,
  init,
  jit,
  layerNorm,
  segmentGather,
  segmentSum,
  type Tensor,
} from "@meshwork/meshwork";
import { installedEngine } from "@meshwork/meshwork/xla";
import process from "node:process";
import { median } from "./quantile.ts";

const [N, E, F] = [2_000, 12_000, 128];
const rounds = Number(Deno.args[0] ?? 20);

await init({ engine: "xla" });
const normal = (shape: number[], seed: number): Tensor =>
  tf.randomNormal(shape, 0, 1, "float32", seed);
const [x, y, w, nodes] = [
  normal([E, F], 1),
  normal([E, F], 2),
  normal([F, F], 3),
  normal([N, F], 4),
];
const ids = tf.cast(tf.floor(tf.randomUniform([E], 0, N, "float32", 5)), "int32");
const bias = normal([F], 6);
const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
const norm = layerNorm();
const normalize = (x: Tensor): Tensor => norm.apply({ scale: bias, offset: bias }, x);

/** Each takes `x` [E, F], `y` [E, F], `w` [F, F] and `nodes` [N, F]. */
const OPERATIONS: Record<string, (x: Tensor, y: Tensor, w: Tensor, nodes: Tensor) => Tensor> = {
  "x @ w": (x, _, w) => product(x, w),
  "y @ wᵀ": (_, y, w) => product(y, w, false, true),
  "xᵀ @ y": (x, y) => product(x, y, true),
  "xᵀ @ y, in 8 parts": (x, y) => {
    const parts = [x, y].map((m) => tf.reshape(m, [8, E / 8, F]) as tf.Tensor3D);
    return tf.sum(tf.matMul(parts[0]!, parts[1]!, true), 0);
  },
  "xᵀ @ y, transposed before": (x, y) => product(tf.add(tf.transpose(x), 0), y),
  "nodes @ w": (_x, _y, w, nodes) => product(nodes, w),
  "relu(x @ w + b)": (x, _, w) => tf.relu(tf.add(product(x, w), bias)),
  "layer norm": (x) => normalize(x),
  "layer norm, gradient": (x, y) => grad((x: Tensor) => tf.sum(tf.mul(normalize(x), y)))(x),
  "sum over rows": (x) => tf.sum(x, 0),
  "sum over columns": (x) => tf.sum(x, 1),
  "segment sum": (x) => segmentSum(x, ids, N),
  "segment gather": (_x, _y, _w, nodes) => segmentGather(nodes, ids),
  "segment gather + y": (_x, y, _w, nodes) => tf.add(segmentGather(nodes, ids), y),
  "x + y": (x, y) => tf.add(x, y),
};
/** Multiplications and additions of those that are products. */
const FLOPS: Record<string, number> = { x: 2 * E * F * F, y: 2 * E * F * F, n: 2 * N * F * F };

const { runtime } = installedEngine()!;
const REPEAT = 5;
const programs = Object.entries(OPERATIONS).map(([name, f]) => [name, jit(f)] as const);
const times = new Map<string, number[]>(programs.map(([name]) => [name, []]));
for (let round = -1; round < rounds; round++) {
  for (const [name, program] of programs) {
    const start = process.cpuUsage();
    for (let i = 0; i < REPEAT; i++) {
      const result = program(x, y, w, nodes);
      await runtime.finish([(tf.backend() as unknown as Shows).node(result)]);
      result.dispose();
    }
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) times.get(name)!.push((user + system) / 1000 / REPEAT);
  }
}
for (const [name, each] of times) {
  const ms = median(each);
  const flops = name.includes("@") ? FLOPS[name[0] === "r" ? "x" : name[0]!]! : 0;
  const rate = flops ? `${(flops / ms / 1e6).toFixed(0)} GF/s a core` : "";
  console.log(`${name.padEnd(28)} ${ms.toFixed(2).padStart(7)} ms   ${rate}`);
}

interface Shows {
  node(tensor: Tensor): Parameters<typeof runtime.finish>[0][number];
}
