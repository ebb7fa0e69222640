/** What the restatements of simulators in NumPy and JAX computed (tests/golden/physics). @module */
import * as tf from "@tensorflow/tfjs";
import type { ArrayData } from "../../../lib/base/mod.ts";
import type { BodiesRecord, ParticleMetadata, Tensor } from "../../../mod.ts";

/** A step of one simulator. */
interface GoldenStep {
  readonly record: Record<string, ArrayData>;
  readonly params: unknown;
  readonly loss: number;
  readonly next: number[][];
}

/** Of a plate. */
interface GoldenPlate extends GoldenStep {
  readonly radius: number;
  readonly numWorldEdges: number;
  readonly stress: number[][];
}

/** Bodies, and how networks move them. */
interface GoldenBodies extends Record<"mass" | "strength", number[][]> {
  readonly senders: number[];
  readonly receivers: number[];
  readonly dt: number;
  readonly position: number[][][];
  readonly momentum: number[][][];
  readonly energy: number;
  readonly params: Record<GoldenFlow, unknown>;
  /** By each integrator: the position and the momentum after a step. */
  readonly steps: Record<GoldenFlow, Record<string, [number[][], number[][]]>>;
  readonly losses: Record<GoldenFlow, number>;
}

/** A step of GNS: a window of particles, what acts on all, and where they go. */
interface GoldenParticles {
  readonly metadata: ParticleMetadata;
  readonly noise: number;
  readonly particleType: number[];
  readonly context: number[];
  /** `[N, 6, D]`. */
  readonly positions: number[][][];
  readonly target: number[][];
  readonly params: unknown;
  readonly loss: number;
  readonly next: number[][];
}

type GoldenFlow = "hamiltonian" | "forces";

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/physics/golden.json", import.meta.url)),
) as {
  meshes: { flow: GoldenStep; cloth: GoldenStep; plate: GoldenPlate };
  bodies: GoldenBodies;
  particleStep: GoldenParticles;
};

/** A step of each. */
export const { meshes: { flow, cloth, plate }, bodies, particleStep } = golden;

/** The sizes of their networks. */
export const network = { latentSize: 4, hiddenLayers: 1, steps: 2 };

/** Parameters from nested lists. */
export function paramsOf<T>(golden: unknown): T {
  const isNumbers = (x: unknown): boolean =>
    Array.isArray(x) && (typeof x[0] === "number" || isNumbers(x[0]) && Array.isArray(x[0]));
  const build = (x: unknown): unknown => {
    if (x === null) return null;
    if (isNumbers(x)) return tf.tensor(x as number[]);
    if (Array.isArray(x)) return x.map(build);
    return Object.fromEntries(Object.entries(x as object).map(([name, y]) => [name, build(y)]));
  };
  return build(golden) as T;
}

/** A frame of `[T, N, D]`. */
export const frameOf = (x: Tensor, t: number): Tensor => tf.gather(x, tf.scalar(t, "int32"));

const arrayOf = (rows: number[][] | number[][][]): ArrayData => ({
  shape: tf.tidy(() => tf.tensor(rows as number[][]).shape),
  data: rows.flat(Infinity) as number[],
});

/** The bodies as a data set has them. */
export const bodiesRecord = (): BodiesRecord => ({
  ...bodies,
  mass: arrayOf(bodies.mass),
  strength: arrayOf(bodies.strength),
  position: arrayOf(bodies.position),
  momentum: arrayOf(bodies.momentum),
});
