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
  Equal: ["a", "b"],
  FloorDiv: ["a", "b"],
  Greater: ["a", "b"],
  GreaterEqual: ["a", "b"],
  IsFinite: ["x"],
  IsInf: ["x"],
  IsNan: ["x"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalNot: ["x"],
  LogicalOr: ["a", "b"],
  LogicalXor: ["a", "b"],
  LowerBound: ["sortedSequence", "values"],
  NotEqual: ["a", "b"],
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
