import * as tf from "@tensorflow/tfjs";
import { random } from "../../../mod.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";

await tf.setBackend("cpu");

Deno.test("random functions refuse tensors that were disposed, and bounds that are no numbers", () => {
  const key = random.key(0);
  const gone = random.key(1);
  gone.dispose();
  const bounds = { ...JUNK, null: null, NaN: NaN };
  assertRefused([
    ["split()", () => random.split(gone), "the key was disposed"],
    ["bits()", () => random.bits(gone, [2]), "the key was disposed"],
    ["bernoulli()", () => random.bernoulli(key, gone), "p was disposed"],
    ["permutation()", () => random.permutation(key, gone), "x was disposed"],
    ...each("minval", bounds, (minval) => random.uniform(key, [2], { minval }), "minval is"),
  ]);
});
