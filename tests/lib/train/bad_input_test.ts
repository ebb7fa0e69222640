import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects } from "@std/assert";
import {
  adam,
  adamw,
  chain,
  clipByGlobalNorm,
  ema,
  loadCheckpoint,
  losses,
  saveCheckpoint,
  schedules,
  sgd,
} from "../../../mod.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";

await tf.setBackend("cpu");

const NO_NUMBERS = { ...JUNK, null: null, NaN: NaN, Infinity: Infinity };
const NO_DECAYS = { ...NO_NUMBERS, one: 1, negative: -0.1 };

Deno.test("optimisers refuse numbers of which NaN would come", () => {
  assertRefused([
    ...each("b1", NO_DECAYS, (b1) => adam(0.1, { b1 }), "b1 must be a number from 0 to below 1"),
    ...each("b2", NO_DECAYS, (b2) => adamw(0.1, { b2 }), "b2 must be a number from 0 to below 1"),
    ...each("eps", { ...NO_NUMBERS, negative: -1 }, (eps) => adam(0.1, { eps }), "not negative"),
    ...each("epsRoot", { negative: -1 }, (epsRoot) => adam(0.1, { epsRoot }), "not negative"),
    ...each("weightDecay", NO_NUMBERS, (decay) => adamw(0.1, { weightDecay: decay }), "finite"),
    ...each("momentum", NO_NUMBERS, (momentum) => sgd(0.1, { momentum }), "finite"),
    ...each("ema()", NO_DECAYS, (decay) => ema(decay), "decay must be a number from 0 to below 1"),
    ...each("clip", { ...JUNK, NaN: NaN, zero: 0 }, (norm) => clipByGlobalNorm(norm), "positive"),
    ...each(
      "chain()",
      { ...NO_NUMBERS, "half": { init: () => null } },
      (t) => chain(t),
      "argument 0",
    ),
  ]);
});

Deno.test("schedules refuse numbers of which NaN or Infinity would come", () => {
  const one = schedules.constant(1);
  const { cosineDecay, exponentialDecay, join, piecewiseConstant, polynomial } = schedules;
  const noPower = { ...NO_NUMBERS, zero: 0, negative: -1 };
  assertRefused([
    ...each("exponent", noPower, (exponent) => cosineDecay(1, 10, { exponent }), "exponent"),
    ...each("power", noPower, (power) => polynomial(1, 0, power, 10), "power must be positive"),
    ...each("end", NO_NUMBERS, (end) => exponentialDecay(1, 9, 0.5, { endValue: end }), "endValue"),
    ...each("boundaries", NO_NUMBERS, (at) => join([one, one], [at]), "boundaries[0] must be a"),
    ...each("schedules", NO_NUMBERS, (schedule) => join([schedule], []), "schedule 0 is"),
    ["a boundary", () => piecewiseConstant(1, { a: 2 } as never), "each boundary must be a finite"],
  ]);
});

Deno.test("losses refuse what is no tensor of numbers", () => {
  const gone = tf.zeros([2]);
  gone.dispose();
  const bad = { ...JUNK, null: null, undefined: undefined, gone, text: tf.tensor(["a", "b"]) };
  const x = tf.zeros([2, 3]);
  const { huber, maskedMean, softmaxCrossEntropy, softmaxCrossEntropyWithIntegerLabels } = losses;
  const names = ["meanSquaredError", "huber", "softmaxCrossEntropy"] as const;
  const scalar = tf.scalar(0);
  assertRefused([
    ...names.flatMap((name) => [
      ...each(name, bad, (value) => losses[name](value, x), "must be a tensor of numbers: got"),
      ...each(name, bad, (value) => losses[name](x, value), "must be a tensor of numbers: got"),
    ]),
    ...each(
      "maskedMean()",
      bad,
      (value) => maskedMean(value),
      "values must be a tensor of numbers",
    ),
    ...each("labels", bad, (b) => softmaxCrossEntropyWithIntegerLabels(x, b), "labels must be"),
    ...each("delta", { ...NO_NUMBERS, zero: 0 }, (delta) => huber(x, x, delta), "delta must be"),
    ["a scalar", () => softmaxCrossEntropy(scalar, scalar), "have an axis of classes"],
  ]);
});

Deno.test("saveCheckpoint() refuses what it could not give back", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/c.safetensors`;
  const endless: Record<string, unknown> = {};
  endless.self = endless;
  const bad = {
    ...JUNK,
    NaN: NaN,
    undefined: undefined,
    "a cycle": endless,
    deep: { loss: [NaN] },
  };
  for (const name of ["a string", "a numeric string", "an array of strings"]) {
    delete (bad as Record<string, unknown>)[name];
  }
  try {
    for (const value of Object.values(bad)) {
      await assertRejects(
        () => saveCheckpoint(path, null, { metadata: { value: value as never } }),
        TypeError,
        "Cannot save a checkpoint as JSON must be able to hold its metadata: value",
      );
    }
    const gone = tf.scalar(1);
    gone.dispose();
    await assertRejects(() => saveCheckpoint(path, { a: gone }), TypeError, "a was disposed");
    const shared = { n: 1 };
    const metadata = { pair: [shared, shared], none: null, text: "NaN" };
    await saveCheckpoint(path, null, { metadata });
    assertEquals((await loadCheckpoint(path)).metadata, metadata);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["c.safetensors"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
