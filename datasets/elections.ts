/** Elections by plurality. @module */
import { randomStream } from "./random_stream.ts";

/** Options of {@linkcode elections}. */
export interface ElectionsOptions {
  /** How many elections. */
  readonly count: number;
  /** The least and the largest number of voters. */
  readonly voters: readonly [least: number, most: number];
  /** The number of candidates; 20 by default. */
  readonly candidates?: number;
  /** What the random numbers start from; 0 by default. */
  readonly seed?: number;
}

/** Elections, one after another. */
export interface Elections {
  /** The candidate that each voter chose, all elections' voters in order. */
  readonly votes: Int32Array;
  /** Voters of each election, `[count]`. */
  readonly nVoters: Int32Array;
  /** The candidate with the most votes, the first of several, `[count]`. */
  readonly winners: Int32Array;
}

/** The candidate with the most votes; the first of several. */
function winnerOf(votes: readonly number[], candidates: number): number {
  const counts = new Array<number>(candidates).fill(0);
  for (const vote of votes) counts[vote]!++;
  return counts.indexOf(Math.max(...counts));
}

/**
 * Random elections: every voter chooses a candidate, the most votes win. After Jraph's example of
 * electronic voting.
 *
 * @throws {RangeError} If there are no candidates, or the least number of voters is below 1 or
 *   above the largest.
 *
 * @example
 * ```ts
 * import { elections } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { votes, nVoters, winners } = elections({ count: 3, voters: [2, 5], candidates: 4 });
 * assertEquals(votes.length, nVoters.reduce((sum, n) => sum + n));
 * assertEquals(winners.length, 3);
 * ```
 */
export function elections(options: ElectionsOptions): Elections {
  const { count, voters: [least, most], candidates = 20, seed = 0 } = options;
  if (!(least >= 1 && most >= least && candidates >= 1)) {
    throw new RangeError(
      `Cannot hold elections as they need voters and candidates: voters ${least} to ${most}, ` +
        `${candidates} candidates`,
    );
  }
  const random = randomStream(seed);
  const ballots = Array.from({ length: count }, () =>
    Array.from(
      { length: least + random.integer(most - least + 1) },
      () => random.integer(candidates),
    ));
  return {
    votes: Int32Array.from(ballots.flat()),
    nVoters: Int32Array.from(ballots, (votes) => votes.length),
    winners: Int32Array.from(ballots, (votes) => winnerOf(votes, candidates)),
  };
}
