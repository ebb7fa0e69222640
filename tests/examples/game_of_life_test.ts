import { assert, assertEquals } from "@std/assert";
import { type Result, train } from "../../examples/game_of_life.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { longTest, steps } from "../support/tier.ts";

const quiet = (count: number, seed = 0): Promise<Result> =>
  train({ steps: count, seed, log: () => {} });

Deno.test("an interaction network learns the game of life, and runs a glider without an error", async () => {
  await init();
  const { loss, cells, boards, glider } = await quiet(hasXla ? steps(500, 1000) : 300);
  assert(loss < 0.05, `the loss is ${loss}`);
  assert(cells > 0.995 && boards > 0.9, `${cells} of cells, ${boards} of boards are right`);
  if (hasXla) assertEquals([boards, glider], [1, 1]);
});

Deno.test("the game of life is learned in the same way from the same seed", async () => {
  await init();
  assertEquals(await quiet(20, 3), await quiet(20, 3));
});

longTest("the game of life is learned from any seed", async () => {
  await init();
  for (const seed of [1, 2]) {
    const { cells, boards } = await quiet(1000, seed);
    assertEquals([cells, boards], [1, 1], `seed ${seed}`);
  }
});
