import { assert, assertEquals, assertThrows } from "@std/assert";
import { elections } from "../../datasets/mod.ts";

Deno.test("elections() names the candidate with the most votes, the first of several", () => {
  const { votes, nVoters, winners } = elections({ count: 50, voters: [1, 9], candidates: 4 });
  let first = 0;
  nVoters.forEach((n, i) => {
    assert(n >= 1 && n <= 9);
    const counts = [0, 1, 2, 3].map((c) => votes.subarray(first, first + n).filter((v) => v === c));
    const most = Math.max(...counts.map(({ length }) => length));
    assertEquals(winners[i], counts.findIndex(({ length }) => length === most));
    first += n;
  });
  assertEquals(first, votes.length);
});

Deno.test("elections() are the same for the same seed", () => {
  const of = (seed: number) => elections({ count: 5, voters: [2, 5], seed }).votes;
  assertEquals(of(3), of(3));
  assert(of(3).join() !== of(4).join());
});

Deno.test("elections() refuses elections without voters", () => {
  assertThrows(
    () => elections({ count: 1, voters: [0, 3] }),
    RangeError,
    "Cannot hold elections as they need voters and candidates: voters 0 to 3, 20 candidates",
  );
});
