import { assert, assertEquals } from "@std/assert";
import { karateClub } from "../../datasets/mod.ts";

Deno.test("karateClub() has 34 members and 78 friendships, there and back", () => {
  const { numMembers, senders, receivers, clubs } = karateClub();
  assertEquals([numMembers, senders.length, receivers.length, clubs.length], [34, 156, 156, 34]);
  const edges = new Set(Array.from(senders, (s, e) => `${s} ${receivers[e]}`));
  assertEquals(edges.size, 156);
  for (const edge of edges) {
    const [s, r] = edge.split(" ").map(Number) as [number, number];
    assert(s !== r && s < 34 && edges.has(`${r} ${s}`));
  }
});

Deno.test("karateClub() has the degrees and the clubs of Zachary's paper", () => {
  const { senders, clubs } = karateClub();
  const degrees = new Array<number>(34).fill(0);
  for (const s of senders) degrees[s]!++;
  // deno-fmt-ignore
  assertEquals(degrees, [16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2, 2, 2, 2, 3, 2, 2, 2, 5, 3,
    3, 2, 4, 3, 4, 4, 6, 12, 17]);
  assertEquals(clubs.reduce((sum, club) => sum + club, 0), 17);
  assertEquals([clubs[0], clubs[8], clubs[33]], [0, 0, 1]);
});
