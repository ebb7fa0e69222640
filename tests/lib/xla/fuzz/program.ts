/**
 * Random programs: planned on tfjs's cpu backend, run on any.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { ARRANGING_FAMILIES } from "./arrangements.ts";
import { NUMERIC_FAMILIES } from "./families.ts";
import { Choices, type PlannedValue, type Step } from "./step.ts";

const FAMILIES = [...NUMERIC_FAMILIES, ...ARRANGING_FAMILIES];

/** An input of a program. */
export interface Input {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly data: readonly number[];
}

/** What a program is made from: numbers that fast-check draws and shrinks. */
export interface Draws {
  readonly inputs: readonly Input[];
  readonly steps: readonly (readonly number[])[];
}

/** A program, the same on every engine. */
export interface Program {
  readonly text: string;
  readonly inputs: readonly Input[];
  /** The largest finite number on the way: errors are measured by it. */
  readonly scale: number;
  /** Gives the values that no other step reads. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** What tfjs's cpu backend gives. */
  readonly expected: readonly { dtype: string; shape: number[]; values: ArrayLike<number> }[];
}

/** Results larger than this are left out, as programs are to stay small. */
const MAX_SIZE = 600;

/** Whole numbers below this stay exact in float32 through one more sum or product. */
const MAX_EXACT = 2 ** 11;

/** The tensor of an input. */
export function tensorOf({ shape, dtype, data }: Input): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const values = Array.from({ length: size }, (_, i) => data[i % data.length]!);
  return tf.tensor(dtype === "bool" ? values.map((v) => v > 0 ? 1 : 0) : values, [...shape], dtype);
}

/** Makes a program; tfjs's cpu backend must be the current one. */
export function plan(draws: Draws): Program {
  const values: PlannedValue[] = draws.inputs.map((input) => ({
    tensor: tensorOf(input),
    exact: true,
  }));
  const steps: Step[] = [];
  const lines = draws.inputs.map((input, i) => `const t${i} = ${declaration(input)};`);
  const read = new Set<number>();
  for (const [family = 0, ...rest] of draws.steps) {
    const step = FAMILIES[family % FAMILIES.length]!(new Choices(values, rest));
    const results = step && attempt(step, values);
    if (!results) continue;
    steps.push(step);
    const names = results.map((_, i) => `t${values.length + i}`);
    lines.push(`const ${names.length === 1 ? names[0] : `[${names.join(", ")}]`} = ${call(step)};`);
    step.operands.forEach((place) => read.add(place));
    values.push(...results);
  }
  const outputs = [...values.keys()].filter((i) => i >= draws.inputs.length && !read.has(i));
  lines.push(`return [${outputs.map((i) => `t${i}`).join(", ")}];`);
  return {
    text: lines.join("\n"),
    inputs: draws.inputs,
    scale: Math.max(1, ...values.map(({ tensor }) => largest(tensor.dataSync()))),
    run: (inputs) => {
      const all = [...inputs];
      for (const { operands, apply } of steps) {
        all.push(...[apply(...operands.map((place) => all[place]!))].flat());
      }
      return outputs.map((i) => all[i]!);
    },
    expected: outputs.map((i) => {
      const { tensor } = values[i]!;
      // For a product of an empty batch tfjs keeps a value that the shape has no place for.
      const numbers = tensor.dataSync().slice(0, tensor.size);
      return { dtype: tensor.dtype, shape: tensor.shape, values: numbers };
    }),
  };
}

/** The results of a step, or null where tfjs refuses it or they are no use. */
function attempt(step: Step, values: readonly PlannedValue[]): PlannedValue[] | null {
  const operands = step.operands.map((place) => values[place]!);
  let tensors: tf.Tensor[];
  try {
    tensors = [step.apply(...operands.map(({ tensor }) => tensor))].flat();
  } catch {
    return null;
  }
  if (tensors.some(({ size, rank }) => size > MAX_SIZE || rank > 6)) return null;
  const exact = step.exact && operands.every((operand) => operand.exact);
  return tensors.map((tensor) => ({ tensor, exact: exact && isWhole(tensor.dataSync()) }));
}

function isWhole(values: ArrayLike<number>): boolean {
  return Array.from(values).every((v) => Number.isInteger(v) && Math.abs(v) <= MAX_EXACT);
}

function largest(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (Number.isFinite(size) && size > max) max = size;
  }
  return max;
}

function declaration({ shape, dtype, data }: Input): string {
  return `tensorOf(${JSON.stringify({ shape, dtype, data })})`;
}

function call({ text, operands }: Step): string {
  return text.replace(/%(\d)/g, (_, i) => `t${operands[Number(i)]}`);
}
