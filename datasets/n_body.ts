/** Bodies that attract each other, simulated from their Hamiltonian. @module */
import type { DataArray } from "./array.ts";
import { type RandomStream, randomStream } from "./random_stream.ts";

/** How two bodies at distance r attract each other. */
export type Attraction = "springs" | "gravity";

/** Options of {@linkcode simulateBodies}. */
export interface SimulateBodiesOptions {
  /** Springs of rest length 0 with energy s r² / 2, or gravity with energy -s / √(r² + 0.1). */
  readonly attraction?: Attraction;
  /** How many bodies; 5 by default. */
  readonly numBodies?: number;
  /** How many frames, the first included; 101 by default. */
  readonly numFrames?: number;
  /** The time between two frames; 0.1 by default. */
  readonly dt?: number;
  /** What the random numbers start from; 0 by default. */
  readonly seed?: number;
}

/** One system of N bodies in the plane, over T frames. Each pair has an edge either way. */
export interface BodiesTrajectory {
  /** The time between two frames. */
  readonly dt: number;
  /** `[N, 1]`. */
  readonly mass: DataArray<Float32Array>;
  /** `[T, N, 2]`. */
  readonly position: DataArray<Float32Array>;
  /** `[T, N, 2]`. */
  readonly momentum: DataArray<Float32Array>;
  /** The body that each edge comes from, `[N (N - 1)]`. */
  readonly senders: Int32Array;
  /** The body that each edge goes to, `[N (N - 1)]`. */
  readonly receivers: Int32Array;
  /** s of each edge, `[N (N - 1), 1]`: a spring's constant, or the product of both masses. */
  readonly strength: DataArray<Float32Array>;
  /** The energy of each frame, `[T]`: its Hamiltonian, in which each pair counts once. */
  readonly energy: Float64Array;
}

/** Steps of the integrator in a frame. */
const SUBSTEPS = 50;

/** Squared length below which gravity is weak, so that no two bodies slingshot each other. */
const SOFTENING = 0.1;

interface System {
  readonly mass: Float64Array;
  readonly q: Float64Array;
  readonly p: Float64Array;
  readonly pairs: readonly Pair[];
  readonly attraction: Attraction;
}

type Pair = readonly [i: number, j: number, strength: number];

/**
 * Simulates bodies from a random state at double precision: velocity Verlet, which keeps the
 * energy, with 50 steps a frame. Masses lie in [1, 2), springs' constants in [0.5, 1), distances
 * from the origin below 1; the total momentum is 0. After the systems of Sanchez-Gonzalez et al.
 * 2019, "Hamiltonian graph networks with ODE integrators" (arXiv:1909.12790).
 *
 * @throws {RangeError} If there are fewer than 2 bodies or no frames, or `dt` is not above 0.
 *
 * @example The energy stays
 * ```ts
 * import { simulateBodies } from "@meshwork/meshwork/datasets";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { energy } = simulateBodies({ attraction: "gravity", dt: 0.02 });
 * assertAlmostEquals(energy[100]!, energy[0]!, 1e-3);
 * ```
 */
export function simulateBodies(options: SimulateBodiesOptions = {}): BodiesTrajectory {
  const { attraction = "springs", numBodies = 5, numFrames = 101, dt = 0.1, seed = 0 } = options;
  if (!(numBodies >= 2 && numFrames >= 1 && dt > 0)) {
    throw new RangeError(
      `Cannot simulate bodies as there must be 2 of them, 1 frame, and time between frames: got ` +
        `numBodies ${numBodies}, numFrames ${numFrames}, dt ${dt}`,
    );
  }
  const system = randomSystem(randomStream(seed), numBodies, attraction);
  const shape = [numFrames, numBodies, 2];
  const [position, momentum] = [0, 0].map(() => new Float32Array(numFrames * numBodies * 2));
  const energy = new Float64Array(numFrames);
  for (let frame = 0; frame < numFrames; frame++) {
    if (frame > 0) { for (let i = 0; i < SUBSTEPS; i++) step(system, dt / SUBSTEPS); }
    position!.set(system.q, frame * numBodies * 2);
    momentum!.set(system.p, frame * numBodies * 2);
    energy[frame] = hamiltonian(system);
  }
  const { pairs } = system;
  const both = (of: (pair: Pair) => [number, number]): number[] => pairs.flatMap(of);
  return {
    dt,
    mass: { shape: [numBodies, 1], data: Float32Array.from(system.mass) },
    position: { shape, data: position! },
    momentum: { shape: [...shape], data: momentum! },
    senders: Int32Array.from(both(([i, j]) => [i, j])),
    receivers: Int32Array.from(both(([i, j]) => [j, i])),
    strength: {
      shape: [2 * pairs.length, 1],
      data: Float32Array.from(both(([, , strength]) => [strength, strength])),
    },
    energy,
  };
}

function randomSystem(random: RandomStream, numBodies: number, attraction: Attraction): System {
  const mass = Float64Array.from({ length: numBodies }, () => random.uniform(1, 2));
  const [q, p] = [1, 0.5].map((maxLength) => {
    const vectors = Array.from({ length: numBodies }, () => {
      const [length, angle] = [random.uniform(0, maxLength), random.uniform(0, 2 * Math.PI)];
      return [length * Math.cos(angle), length * Math.sin(angle)];
    });
    return Float64Array.from(vectors.flat());
  }) as [Float64Array, Float64Array];
  for (const axis of [0, 1]) {
    let sum = 0;
    for (let i = axis; i < p.length; i += 2) sum += p[i]!;
    for (let i = axis; i < p.length; i += 2) p[i]! -= sum / numBodies;
  }
  const pairs: Pair[] = [];
  for (let i = 0; i < numBodies; i++) {
    for (let j = i + 1; j < numBodies; j++) {
      const strength = attraction === "springs" ? random.uniform(0.5, 1) : mass[i]! * mass[j]!;
      pairs.push([i, j, strength]);
    }
  }
  return { mass, q, p, pairs, attraction };
}

/** One step of velocity Verlet, in place. */
function step(system: System, dt: number): void {
  const { mass, q, p } = system;
  kick(system, dt / 2);
  for (let k = 0; k < q.length; k++) q[k]! += dt * p[k]! / mass[k >> 1]!;
  kick(system, dt / 2);
}

/** Adds the pull of all pairs over a time to the momenta. */
function kick({ q, p, pairs, attraction }: System, dt: number): void {
  for (const [i, j, strength] of pairs) {
    const [x, y] = [q[2 * j]! - q[2 * i]!, q[2 * j + 1]! - q[2 * i + 1]!];
    const pull = attraction === "springs"
      ? strength
      : strength / (x * x + y * y + SOFTENING) ** 1.5;
    p[2 * i]! += dt * pull * x;
    p[2 * i + 1]! += dt * pull * y;
    p[2 * j]! -= dt * pull * x;
    p[2 * j + 1]! -= dt * pull * y;
  }
}

/** Kinetic and potential energy. */
function hamiltonian({ mass, q, p, pairs, attraction }: System): number {
  let energy = 0;
  for (let k = 0; k < p.length; k++) energy += p[k]! ** 2 / (2 * mass[k >> 1]!);
  for (const [i, j, strength] of pairs) {
    const square = (q[2 * j]! - q[2 * i]!) ** 2 + (q[2 * j + 1]! - q[2 * i + 1]!) ** 2;
    energy += attraction === "springs"
      ? strength * square / 2
      : -strength / Math.sqrt(square + SOFTENING);
  }
  return energy;
}
