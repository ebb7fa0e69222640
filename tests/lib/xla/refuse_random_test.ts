import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { TracerError } from "../../../lib/engine/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { withoutHostRandom } from "../../../lib/xla/refuse_random.ts";
import { xlaTest } from "../../support/engines.ts";

type Draw = (x: tf.Tensor, seed?: number) => tf.Tensor;

/** Every op of tfjs that draws, without and with a seed. */
const DRAWS: Readonly<Record<string, Draw>> = {
  randomNormal: (_, seed) => tf.randomNormal([3], 0, 1, "float32", seed),
  randomStandardNormal: (_, seed) => tf.randomStandardNormal([3], "float32", seed),
  truncatedNormal: (_, seed) => tf.truncatedNormal([3], 0, 1, "float32", seed),
  randomUniform: (_, seed) => tf.randomUniform([3], 0, 1, "float32", seed),
  randomUniformInt: (_, seed) => tf.randomUniformInt([3], 0, 1000, seed),
  randomGamma: (_, seed) => tf.randomGamma([3], 2, 1, "float32", seed),
  multinomial: (_, seed) => tf.multinomial(tf.tensor1d([0.5, 0.5]), 3, seed, true),
  dropout: (x, seed) => tf.dropout(x, 0.5, undefined, seed),
};

for (const [name, draw] of Object.entries(DRAWS)) {
  xlaTest(`tf.${name} inside jit wants a key in its place, or a seed`, () => {
    const x = tf.ones([3]);
    const unseeded = jit((x: tf.Tensor) => tf.add(draw(x), x));
    assertThrows(() => unseeded(x), TracerError, "use random.normal");
    const seeded = jit((x: tf.Tensor) => tf.add(draw(x, 7), 0));
    assertEquals(seeded(x).arraySync(), tf.add(draw(x, 7), 0).arraySync());
  });
}

xlaTest("tf.rand inside jit is refused where its function draws", () => {
  const f = jit((x: tf.Tensor) => tf.add(tf.rand([3], () => Math.random()), x));
  assertThrows(() => f(tf.ones([3])), TracerError, "Cannot draw random numbers inside jit");
});

xlaTest("Math.random is back after a trace, one that throws, and nested ones", () => {
  const { random } = Math;
  const inner = jit((x: tf.Tensor) => tf.mul(x, 2));
  const outer = jit((x: tf.Tensor) => tf.add(inner(x), 1));
  assertEquals(outer(tf.scalar(1)).arraySync(), 3);
  assertEquals(Math.random, random);
  assertThrows(() => jit((x: tf.Tensor) => tf.add(x, Math.random()))(tf.scalar(1)), TracerError);
  assertEquals(Math.random, random);
  assertNotEquals(tf.randomUniform([4]).dataSync(), tf.randomUniform([4]).dataSync());
});

Deno.test("withoutHostRandom() refuses after a call inside it has ended", () => {
  withoutHostRandom(() => {
    withoutHostRandom(() => {});
    assertThrows(() => Math.random(), TracerError);
  });
  assertEquals(typeof Math.random(), "number");
});
