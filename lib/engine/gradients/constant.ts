/**
 * Zero gradients of kernels whose results change in steps, or not at all, with their inputs.
 *
 * A walk of the tape reaches them through conditions, indices and rounded values.
 *
 * @module
 */
import { supplyGradient, zeros } from "./supply.ts";

/** Names of the inputs, by kernel. */
const PIECEWISE_CONSTANT: Readonly<Record<string, readonly string[]>> = {
  All: ["x"],
  Any: ["x"],
  ArgMax: ["x"],
  ArgMin: ["x"],
  FloorDiv: ["a", "b"],
  GreaterEqual: ["a", "b"],
  IsFinite: ["x"],
  IsInf: ["x"],
  IsNan: ["x"],
  LowerBound: ["sortedSequence", "values"],
  OneHot: ["indices"],
  SearchSorted: ["sortedSequence", "values"],
  StableArgsort: ["x"],
  UpperBound: ["sortedSequence", "values"],
};

for (const [kernelName, inputs] of Object.entries(PIECEWISE_CONSTANT)) {
  supplyGradient(kernelName, {
    inputs,
    pullBack: (_dy, { saved }) =>
      Object.fromEntries(inputs.map((name, i) => [name, zeros(saved[i]!)])),
  });
}
