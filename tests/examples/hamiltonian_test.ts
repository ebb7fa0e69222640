import { assert, assertEquals } from "@std/assert";
import { train } from "../../examples/hamiltonian.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { longTest, steps } from "../support/tier.ts";

Deno.test({
  name: "a graph network learns the energy of springs from their motion",
  ...skipUnless(hasXla, "takes minutes where nothing compiles: deno task setup"),
  async fn() {
    await init();
    const lines: string[] = [];
    const result = await train({ steps: steps(200, 1500), log: (line) => lines.push(line) });
    assert(result.known < 0.02, `the energy strays by ${result.known} with the known Hamiltonian`);
    assert(result.train < steps(0.03, 1e-3), `the loss is ${result.train}`);
    assert(result.test < steps(0.03, 1e-3), `the loss on unseen systems is ${result.test}`);
    assert(result.drift < steps(1, 0.03), `the energy strays by ${result.drift}`);
    // The first step, every hundredth, and a line before and after.
    assertEquals(lines.length, 1 + steps(2, 15) + 2);
  },
});

longTest("the learned energy is the same from the same seed", async () => {
  await init();
  const once = await train({ steps: 20, seed: 1, log: () => {} });
  assertEquals(await train({ steps: 20, seed: 1, log: () => {} }), once);
});
