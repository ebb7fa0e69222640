/** What each process gets from every collective: `collectives.ts folder devices`. */
import * as tf from "@tensorflow/tfjs";
import {
  allGather,
  axisIndex,
  distributed,
  grad,
  init,
  pmap,
  pmax,
  pmean,
  pmin,
  psum,
  type Tensor,
} from "../../../../mod.ts";

const [folder, devices] = [Deno.args[0]!, Number(Deno.args[1])];
await init({ engine: "xla", devices });
const { rank, size } = await distributed.init();

// Replica r of all has [r, 10 - r].
const mine = Array.from({ length: devices }, (_, i) => rank * devices + i);
const x = tf.tensor2d(mine.map((r) => [r, 10 - r]));

const one = pmap((x: Tensor) => ({
  sum: psum(x, "all"),
  mean: pmean(x, "all"),
  max: pmax(x, "all"),
  min: pmin(x, "all"),
  gathered: allGather(x, "all"),
  index: axisIndex("all"),
  // Two that depend on each other, and an exact one.
  twice: psum(tf.mul(x, psum(x, "all")), "all"),
  whole: psum(tf.add(tf.cast(x, "int32"), tf.scalar(2 ** 24, "int32")), "all"),
  // Of the sum of all replicas' losses.
  slope: grad((x: Tensor) => tf.sum(tf.square(psum(tf.mul(x, x), "all"))))(x),
}), { axisName: "all" })(x);

const grid = pmap((x: Tensor) => ({
  rows: psum(x, "a"),
  columns: psum(x, "b"),
  both: psum(x, ["a", "b"]),
  index: tf.stack([axisIndex("a"), axisIndex("b"), axisIndex(["a", "b"])]),
}), { axes: { a: size, b: devices } })(tf.reshape(x, [1, devices, 2]));

const values = (tree: Record<string, Tensor>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tree).map(([name, t]) => [name, t.arraySync()]));
const drawn = distributed.broadcast(
  { w: tf.tensor1d([rank + 0.5]), n: tf.scalar(rank, "int32") },
  1,
);
const report = { rank, size, one: values(one), grid: values(grid), drawn: values(drawn) };
Deno.writeTextFileSync(`${folder}/${rank}.json`, JSON.stringify(report));
