/** What the NumPy restatement of GNS computed (tests/golden/physics). @module */
import type { ParticleMetadata, ParticleView } from "../../../../mod.ts";
import * as tf from "@tensorflow/tfjs";

/** One world with particles in it. */
export interface GoldenParticles {
  readonly metadata: ParticleMetadata;
  readonly noise: number;
  readonly positions: number[][][];
  readonly target: number[][];
  readonly senders: number[];
  readonly receivers: number[];
  readonly nodes: number[][];
  readonly edges: number[][];
  readonly acceleration: number[][];
  readonly predicted: number[][];
  readonly moved: number[][];
}

type Layers = { readonly w: number[][]; readonly b: number[] }[];

/** One step of the network. */
export interface GoldenNetwork {
  readonly params: {
    readonly encoder: { readonly nodes: Layers; readonly edges: Layers };
    readonly step: { readonly nodes: Layers; readonly edges: Layers };
    readonly decoder: Layers;
  };
  readonly nodes: number[][];
  readonly edges: number[][];
  readonly senders: number[];
  readonly receivers: number[];
  readonly output: number[][];
}

/** All of it. */
export const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../../../golden/physics/golden.json", import.meta.url)),
) as {
  particles: GoldenParticles[];
  network: GoldenNetwork;
  noise: { velocity: number[]; position: number[] };
};

/** The particles as a simulator sees them, with `spare` places left over among the edges. */
export function viewOf(
  { positions, senders, receivers }: GoldenParticles,
  spare = 0,
): ParticleView {
  const none = new Array<number>(spare).fill(positions.length);
  return {
    positions: tf.tensor3d(positions),
    particleType: tf.fill([positions.length], 5, "int32"),
    context: null,
    senders: tf.tensor1d([...senders, ...none], "int32"),
    receivers: tf.tensor1d([...receivers, ...none], "int32"),
  };
}
