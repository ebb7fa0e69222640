/** Zachary's karate club. @module */

/** A social network of two factions, as plain data. */
export interface KarateClub {
  /** The number of members, 34. */
  readonly numMembers: number;
  /** The member that each edge comes from, `[156]`: 78 friendships, there and back. */
  readonly senders: Int32Array;
  /** The member that each edge goes to, `[156]`. */
  readonly receivers: Int32Array;
  /** The club that each member joined, `[34]`: 0 is the instructor's, 1 the administrator's. */
  readonly clubs: Int32Array;
}

/** Friends of each member among those with a higher number. */
const FRIENDS: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
  [2, 3, 7, 13, 17, 19, 21, 30],
  [3, 7, 8, 9, 13, 27, 28, 32],
  [7, 12, 13],
  [6, 10],
  [6, 10, 16],
  [16],
  [],
  [30, 32, 33],
  [33],
  [],
  [],
  [],
  [33],
  [32, 33],
  [32, 33],
  [],
  [],
  [32, 33],
  [33],
  [32, 33],
  [],
  [32, 33],
  [25, 27, 29, 32, 33],
  [25, 27, 31],
  [31],
  [29, 33],
  [33],
  [31, 33],
  [32, 33],
  [32, 33],
  [32, 33],
  [33],
  [],
];

/** Those who went with the instructor; the others stayed with the administrator. */
const WITH_INSTRUCTOR = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21];

/**
 * Zachary's karate club: friendships of 34 members of a club that split in two (W. W. Zachary 1977,
 * "An information flow model for conflict and fission in small groups", Journal of Anthropological
 * Research 33). Members are numbered from 0; 0 is the instructor, 33 the administrator. The clubs
 * are those that members joined, so member 8 is with the instructor, though of the other's faction.
 *
 * @returns Friendships in both directions, first all from the lower number to the higher.
 *
 * @example The club as a graph
 * ```ts
 * import { graphsTuple } from "@meshwork/meshwork";
 * import { karateClub } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { numMembers, senders, receivers } = karateClub();
 * const graph = graphsTuple({ senders, receivers, nNode: [numMembers], nEdge: [senders.length] });
 * assertEquals(graph.nEdge.arraySync(), [156]);
 * ```
 */
export function karateClub(): KarateClub {
  const lower = FRIENDS.flatMap((friends, member) => friends.map(() => member));
  const higher = FRIENDS.flat();
  return {
    numMembers: FRIENDS.length,
    senders: Int32Array.from([...lower, ...higher]),
    receivers: Int32Array.from([...higher, ...lower]),
    clubs: Int32Array.from(FRIENDS, (_, member) => WITH_INSTRUCTOR.includes(member) ? 0 : 1),
  };
}
