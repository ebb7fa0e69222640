/** Photons of a detector, two of which may come from a Higgs boson. @module */
import { type RandomStream, randomStream } from "./random_stream.ts";

/** Options of {@linkcode higgsPhotons}. */
export interface HiggsPhotonsOptions {
  /** How many events. */
  readonly count: number;
  /** The least and the largest number of photons, 2 at least. */
  readonly photons: readonly [least: number, most: number];
  /** What the random numbers start from; 0 by default. */
  readonly seed?: number;
}

/** Events, one after another. */
export interface HiggsEvents {
  /** Energy and momentum `(E, px, py, pz)` of each photon in GeV, `[N, 4]`. */
  readonly momenta: Float32Array;
  /** Photons of each event, `[count]`. */
  readonly nPhotons: Int32Array;
  /** 1 where two of the photons come from a Higgs boson, `[count]`. */
  readonly isHiggs: Int32Array;
}

/**
 * The rest mass of the Higgs boson in GeV.
 *
 * @example
 * ```ts
 * import { HIGGS_MASS } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Math.round(HIGGS_MASS), 125);
 * ```
 */
export const HIGGS_MASS = 125.18;

type FourVector = readonly [number, number, number, number];

/** A direction, evenly over the sphere. */
function direction(random: RandomStream): [number, number, number] {
  const z = random.uniform(-1, 1);
  const angle = random.uniform(0, 2 * Math.PI);
  const radius = Math.sqrt(1 - z * z);
  return [radius * Math.cos(angle), radius * Math.sin(angle), z];
}

/** The four-vector seen from a frame that moves with a rapidity along an axis. */
function boost([e, ...p]: FourVector, axis: readonly number[], rapidity: number): FourVector {
  const along = p.reduce((sum, value, i) => sum + value * axis[i]!, 0);
  const [cosh, sinh] = [Math.cosh(rapidity), Math.sinh(rapidity)];
  const change = (cosh - 1) * along - sinh * e;
  const [x, y, z] = p.map((value, i) => value + change * axis[i]!) as [number, number, number];
  return [cosh * e - sinh * along, x, y, z];
}

const photon = (energy: number, [x, y, z]: readonly number[]): FourVector => [
  energy,
  energy * x!,
  energy * y!,
  energy * z!,
];

/** Two photons back to back, from a boson that moves. */
function higgsPair(random: RandomStream): FourVector[] {
  const out = direction(random);
  const [axis, rapidity] = [direction(random), random.uniform(-1, 1)];
  const back = out.map((x) => -x);
  return [out, back].map((d) => boost(photon(HIGGS_MASS / 2, d), axis, rapidity));
}

/**
 * Random events: photons of the background, in half of the events with two that have the Higgs
 * boson's mass together. After Jraph's example of Higgs detection.
 *
 * @throws {RangeError} If the least number of photons is below 2 or above the largest.
 *
 * @example The mass of the pair
 * ```ts
 * import { HIGGS_MASS, higgsPhotons } from "@meshwork/meshwork/datasets";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { momenta, isHiggs } = higgsPhotons({ count: 20, photons: [2, 2] });
 * const [e, x, y, z] = [0, 1, 2, 3].map((i) => {
 *   const event = isHiggs.indexOf(1) * 8;
 *   return momenta[event + i]! + momenta[event + 4 + i]!;
 * }) as [number, number, number, number];
 * assertAlmostEquals(Math.sqrt(e * e - x * x - y * y - z * z), HIGGS_MASS, 1e-3);
 * ```
 */
export function higgsPhotons(options: HiggsPhotonsOptions): HiggsEvents {
  const { count, photons: [least, most], seed = 0 } = options;
  if (!(least >= 2 && most >= least)) {
    throw new RangeError(
      `Cannot make events as a Higgs boson gives 2 photons: photons ${least} to ${most}`,
    );
  }
  const random = randomStream(seed);
  const events = Array.from({ length: count }, () => {
    const isHiggs = random.integer(2);
    const pair = isHiggs ? higgsPair(random) : [];
    const background = Array.from(
      { length: least + random.integer(most - least + 1) - pair.length },
      () =>
        boost(
          photon(random.uniform(20, 120), direction(random)),
          direction(random),
          random.uniform(-1, 1),
        ),
    );
    return { isHiggs, photons: [...pair, ...background] };
  });
  return {
    momenta: Float32Array.from(events.flatMap(({ photons }) => photons.flat())),
    nPhotons: Int32Array.from(events, ({ photons }) => photons.length),
    isHiggs: Int32Array.from(events, ({ isHiggs }) => isHiggs),
  };
}
