import * as tf from "@tensorflow/tfjs";
import { initializers, layerNorm, linear, lstmCell, mlp, random } from "../../../mod.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";

const NO_FUNCTIONS = { ...JUNK, null: null, "a number": 1 };
const NO_NUMBERS = { ...JUNK, null: null, NaN: NaN, Infinity: Infinity };
const gone = (): tf.Tensor => {
  const tensor = tf.zeros([2, 2]);
  tensor.dispose();
  return tensor;
};
const noParams = (): Record<string, unknown> => ({
  ...JUNK,
  null: null,
  undefined: undefined,
  "an empty object": {},
  "a tensor": tf.zeros([2, 2]),
  "a disposed weight": { w: gone(), b: null, layers: [{ w: gone() }], scale: gone() },
  "a vector": {
    w: tf.zeros([2]),
    b: null,
    layers: [{ w: tf.zeros([2]) }],
    scale: tf.zeros([1, 1]),
  },
});

forEachEngine("layers refuse parameters that init() did not make", () => {
  const x = tf.zeros([3, 2]);
  const mention = "must be those of init()";
  assertRefused([
    ...each("linear()", noParams(), (params) => linear({ size: 2 }).apply(params, x), mention),
    ...each("mlp()", noParams(), (params) => mlp({ sizes: [2] }).apply(params, x), mention),
    ...each("layerNorm()", noParams(), (params) => layerNorm().apply(params, x), mention),
    ...each("lstmCell()", noParams(), (params) => lstmCell({ size: 2 }).apply(params, x), mention),
  ]);
});

forEachEngine("layers refuse an input that was disposed", () => {
  const layer = linear({ size: 2 });
  const params = layer.init(random.key(0), 2);
  assertRefused([["linear()", () => layer.apply(params, gone()), "must be alive"]]);
});

forEachEngine("layers and initializers refuse options that make no sense", () => {
  const { constant, truncatedNormal, varianceScaling } = initializers;
  assertRefused([
    ...each(
      "wInit",
      NO_FUNCTIONS,
      (wInit) => linear({ size: 2, wInit }),
      "wInit must be a function",
    ),
    ...each(
      "bInit",
      NO_FUNCTIONS,
      (bInit) => linear({ size: 2, bInit }),
      "bInit must be a function",
    ),
    ...each(
      "activation",
      NO_FUNCTIONS,
      (f) => mlp({ sizes: [1], activation: f }),
      "activation must",
    ),
    ...each("sizes", { ...JUNK, null: null, "no size": [] }, (sizes) => mlp({ sizes }), "sizes"),
    ...each("eps", { ...NO_NUMBERS, zero: 0 }, (eps) => layerNorm({ eps }), "eps must be positive"),
    ...each("constant()", NO_NUMBERS, (value) => constant(value), "must be a finite number"),
    ...each("truncatedNormal()", NO_NUMBERS, (scale) => truncatedNormal(scale), "a finite number"),
    ...each(
      "scale",
      { ...NO_NUMBERS, negative: -1 },
      (s) => varianceScaling(s, "in"),
      "scale must",
    ),
    ...each("fan", NO_FUNCTIONS, (fan) => varianceScaling(1, fan), "one of in, out, average"),
    ...each("distribution", NO_FUNCTIONS, (d) => varianceScaling(1, "in", d), "one of truncated"),
  ]);
});
