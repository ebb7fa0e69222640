/**
 * Gradients that TensorFlow.js 4.22 lacks or has wrong, first and second order.
 *
 * Importing this file registers them. `tests/lib/tfjs/gradients_test.ts` holds every gradient of
 * TensorFlow.js, these and its own, against finite differences. What stays without a second
 * derivative says so when asked for one: `maxPool3d`, `dilation2d`, and convolutions with dilation
 * (which have no first one either). `tf.losses.softmaxCrossEntropy` has a wrong derivative by its
 * labels, which cannot be reached from here; that by its logits is right.
 *
 * @module
 */
import { repairCustomGradients } from "./gradients/custom.ts";
import "./gradients/collective.ts";
import "./gradients/constant.ts";
import "./gradients/contraction.ts";
import "./gradients/elementwise.ts";
import "./gradients/image.ts";
import "./gradients/reduction.ts";
import "./gradients/shaping.ts";
import { repairOptionalInputs } from "./gradients/optional.ts";

repairOptionalInputs();
repairCustomGradients();
