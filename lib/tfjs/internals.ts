/**
 * The insides of TensorFlow.js that its types keep private, in one place: what this library reads,
 * calls and replaces of them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/** An entry of the tape: one kernel, or one custom gradient. */
export interface TapeNode {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  /** Tensors of the forward pass that its gradient needs. */
  readonly saved: readonly Tensor[];
}

/** The result of a function with a gradient of its own. */
export interface CustomForward {
  readonly value: Tensor;
  readonly gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

/** It takes the inputs, and last a function that saves tensors for the backward pass. */
// deno-lint-ignore no-explicit-any
export type CustomFunction = (...args: any[]) => CustomForward;

/** Gradients by input name; each is computed only if something depends on it. */
export type InputGradients = Readonly<Record<string, () => Tensor>>;

/** The engine of TensorFlow.js 4.22, which all its ops go through. */
export interface TfjsEngine {
  readonly state: {
    /** The nodes that a gradient being computed has recorded so far. */
    activeTape: TapeNode[] | null;
    /** How many gradients are being computed around each other. */
    gradientDepth: number;
    /** Above 0 nothing is recorded: a kernel runs others. */
    kernelDepth: number;
    /** The variables that are not disposed. */
    readonly registeredVariables: Readonly<Record<string, tf.Variable>>;
  };
  /** The backends that can be asked for, by name. */
  readonly registryFactory: Readonly<Record<string, unknown>>;
  /** Puts a node on the tape; without a gradient it has that of the kernel of its name. */
  addTapeNode(
    name: string,
    inputs: Readonly<Record<string, Tensor | undefined>>,
    outputs: readonly Tensor[],
    gradient: ((dy: Tensor | Tensor[]) => InputGradients) | null,
    saved: readonly Tensor[],
    attrs: object,
  ): void;
  customGrad(f: CustomFunction): (...inputs: Tensor[]) => Tensor;
  isTapeOn(): boolean;
  /** An id that no tensor has yet; ids grow. */
  nextTensorId(): number;
  saveTensorsForBackwardMode(tensors: readonly (Tensor | undefined)[]): Tensor[];
}

/** The engine that this process has. */
export function tfjsEngine(): TfjsEngine {
  return tf.engine() as unknown as TfjsEngine;
}

/** Repairs the engine; once for each reason, however many copies of this library there are. */
export function repairOnce(reason: string, repair: (engine: TfjsEngine) => void): void {
  const engine = tfjsEngine() as TfjsEngine & { [mark: symbol]: boolean | undefined };
  const repaired = Symbol.for(`meshwork.${reason}.repaired`);
  if (engine[repaired]) return;
  engine[repaired] = true;
  repair(engine);
}

/** Runs a kernel that has one result. */
export function runKernel(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attrs: object = {},
): Tensor {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap);
}

/** The names of the backends that can be asked for. */
export function backendNames(): string[] {
  return Object.keys(tfjsEngine().registryFactory);
}
