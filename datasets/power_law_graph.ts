/**
 * Generated graphs of any size whose degrees follow a power law, as those of the web and of
 * citations. @module
 */

/** Which edges of which graph. */
export interface PowerLawEdgesOptions {
  /** N, the number of nodes. */
  readonly numNodes: number;
  /** The first edge; 0 by default. */
  readonly first?: number;
  /** How many edges. */
  readonly count: number;
  /** Whole number; 0 by default. */
  readonly seed?: number;
}

/** Edges of a graph: node `senders[i]` to node `receivers[i]`. */
export interface PowerLawEdges {
  /** `[count]`. */
  readonly senders: Int32Array<ArrayBuffer>;
  /** `[count]`. */
  readonly receivers: Int32Array<ArrayBuffer>;
}

/**
 * Edges of a random graph whose degrees follow a power law of exponent 2.5: those with numbers
 * `first` to `first + count - 1`. An edge depends on the seed and its number alone, so that each
 * process can make its own.
 *
 * Both ends are drawn alike, node k with a chance that falls as `k^(-2/3)` (Chung & Lu 2002,
 * "Connected components in random graphs with given expected degree sequences"); nodes of many
 * edges come first.
 *
 * @throws {RangeError} If a count is not a whole number, or there are no nodes.
 *
 * @example
 * ```ts
 * import { powerLawEdges } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const whole = powerLawEdges({ numNodes: 100, count: 10 });
 * const part = powerLawEdges({ numNodes: 100, first: 6, count: 4 });
 * assertEquals(part.senders, whole.senders.subarray(6));
 * ```
 */
export function powerLawEdges(options: PowerLawEdgesOptions): PowerLawEdges {
  const { numNodes, first = 0, count, seed = 0 } = options;
  for (const [name, value] of Object.entries({ numNodes, first, count, seed })) {
    if (
      Number.isSafeInteger(value) && (name === "seed" || value >= (name === "numNodes" ? 1 : 0))
    ) {
      continue;
    }
    throw new RangeError(
      `Cannot make edges as ${name} must be a whole number${
        name === "seed" ? "" : " from " +
          (name === "numNodes" ? 1 : 0)
      }: got ${value}`,
    );
  }
  const [senders, receivers] = [new Int32Array(count), new Int32Array(count)];
  for (let i = 0; i < count; i++) {
    senders[i] = nodeOf(uniform(seed, 2 * (first + i)), numNodes);
    receivers[i] = nodeOf(uniform(seed, 2 * (first + i) + 1), numNodes);
  }
  return { senders, receivers };
}

/** The inverse of the distribution function `(k/N)^(1/3)`. */
function nodeOf(u: number, numNodes: number): number {
  return Math.floor(numNodes * u * u * u);
}

/**
 * A number in `[0, 1)` for each whole number: the last steps of MurmurHash3 (Appleby 2011), twice.
 */
function uniform(seed: number, counter: number): number {
  const high = mix(Math.floor(counter / 2 ** 32) ^ mix(seed | 0));
  return (mix(counter ^ high) >>> 0) / 2 ** 32;
}

function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
