/**
 * Steps of random programs: one operation of tfjs, its operands chosen, ready to run on any engine.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** A value while a program is planned; its numbers are those of tfjs's cpu backend. */
export interface PlannedValue {
  readonly tensor: tf.Tensor;
  /** Whether every engine has these very numbers, so that an operation may jump between them. */
  readonly exact: boolean;
}

/** One operation with its operands. */
export interface Step {
  /** The call as it would be written, `%0` standing for the first operand. */
  readonly text: string;
  /** Places of the operands among the values so far. */
  readonly operands: readonly number[];
  readonly apply: (...operands: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Whether exact operands give exact results. */
  readonly exact: boolean;
}

/** What a family of operations makes its choices with. */
export class Choices {
  #next = 0;

  constructor(
    readonly values: readonly PlannedValue[],
    readonly draws: readonly number[],
  ) {}

  /** A whole number in `[0, n)`; 0 when the draws have run out. */
  int(n: number): number {
    const draw = this.draws[this.#next++] ?? 0;
    return n <= 0 ? 0 : draw % n;
  }

  /** Whether a coin falls on its rarer side. */
  flip(): boolean {
    return this.int(3) === 1;
  }

  /** One of some options. */
  of<T>(options: readonly T[]): T {
    return options[this.int(options.length)]!;
  }

  /** The place of a value that fits, or -1; the newest are the likelier. */
  pick(fits: (value: PlannedValue) => boolean = () => true): number {
    const places = [...this.values.keys()].filter((i) => fits(this.values[i]!)).reverse();
    return places.length === 0 ? -1 : places[Math.min(this.int(places.length), this.int(6))]!;
  }

  tensor(place: number): tf.Tensor {
    return this.values[place]!.tensor;
  }
}

/** A family of operations: makes a step, or null where no value fits. */
export type Family = (choices: Choices) => Step | null;

export const isFloat = ({ tensor }: PlannedValue): boolean => tensor.dtype === "float32";
export const isNumber = ({ tensor }: PlannedValue): boolean => tensor.dtype !== "bool";
export const isBool = ({ tensor }: PlannedValue): boolean => tensor.dtype === "bool";
export const isExact = ({ exact }: PlannedValue): boolean => exact;
export const hasRank = (rank: number): (value: PlannedValue) => boolean => ({ tensor }) =>
  tensor.rank >= rank;

/** Whether two shapes broadcast against each other. */
export function broadcasts(a: readonly number[], b: readonly number[]): boolean {
  return a.every((size, i) => {
    const other = b[i + b.length - a.length];
    return other === undefined || other === size || other === 1 || size === 1;
  });
}

/** The options of an operation, as they would be written. */
export function written(value: unknown): string {
  return JSON.stringify(value);
}
