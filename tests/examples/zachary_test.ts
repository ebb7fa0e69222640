import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { train } from "../../examples/zachary.ts";
import { init } from "../../mod.ts";
import { ENGINES } from "../support/engines.ts";

Deno.test("the network finds the sides of the karate club, with one result on all engines", async () => {
  const results: { loss: number; accuracy: number }[] = [];
  for (const engine of ENGINES) {
    await init({ engine });
    results.push(await train({ log: () => {} }));
  }
  assert(results[0]!.loss < 0.8, `the loss is ${results[0]!.loss}`);
  assert(results[0]!.accuracy > 0.9, `the accuracy is ${results[0]!.accuracy}`);
  for (const { loss, accuracy } of results) {
    assertAlmostEquals(loss, results[0]!.loss, 1e-4);
    assertEquals(accuracy, results[0]!.accuracy);
  }
});

Deno.test("an untrained network does not know the sides", async () => {
  await init();
  const { accuracy } = await train({ steps: 0 });
  assert(accuracy < 0.8, `the accuracy is ${accuracy}`);
});
