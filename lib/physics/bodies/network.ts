/** What networks of bodies share. @module */
import * as tf from "@tensorflow/tfjs";
import type { MlpParams } from "../../nn/mod.ts";
import { segmentGather } from "../../segment/mod.ts";
import { checkPositiveInteger } from "../../tensor/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import type { PhaseFlow } from "../symplectic.ts";
import type { BodiesGraph } from "./trajectory.ts";

/** Sizes of a network of bodies. */
export interface BodiesNetworkOptions {
  /** Features of hidden layers; 64 by default. */
  readonly latentSize?: number;
  /** Hidden layers of each MLP; 2 by default. */
  readonly hiddenLayers?: number;
  /** Components of a position, D; 2 by default. */
  readonly dimension?: number;
  /** What is known of each pair, F numbers; 1 by default. */
  readonly edgeSize?: number;
}

/** One MLP for bodies and one for pairs. */
export type BodiesParams = { readonly nodes: MlpParams; readonly edges: MlpParams };

/** A network that moves bodies, as pure functions. */
export interface BodiesNetwork {
  /** Random parameters. */
  init(key: Tensor): BodiesParams;
  /** How these bodies move. */
  flow(params: BodiesParams, graph: BodiesGraph): PhaseFlow;
}

/** A smooth function between layers: the motion is a derivative, and training takes another. */
export const activation = tf.softplus;

/** Hidden layers, checked. */
export function hiddenSizes({ latentSize = 64, hiddenLayers = 2 }: BodiesNetworkOptions): number[] {
  checkPositiveInteger(latentSize, "make a network of bodies", "latentSize");
  checkPositiveInteger(hiddenLayers, "make a network of bodies", "hiddenLayers");
  return new Array<number>(hiddenLayers).fill(latentSize);
}

/** Where each sender is, seen from its receiver, `[E, D]`. */
export function waysBetween(position: Tensor, { senders, receivers }: BodiesGraph): Tensor {
  return tf.sub(segmentGather(position, senders), segmentGather(position, receivers));
}
