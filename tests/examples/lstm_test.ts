import { assert, assertAlmostEquals, assertStringIncludes } from "@std/assert";
import { train } from "../../examples/lstm.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { longTest, steps } from "../support/tier.ts";

Deno.test({
  name: "edges with the state of an LSTM recall what they heard ten steps ago",
  ...skipUnless(hasXla, "takes minutes where nothing compiles: deno task setup"),
  async fn() {
    await init();
    const lines: string[] = [];
    const { unexplained } = await train({
      steps: steps(250, 600),
      log: (line) => lines.push(line),
    });
    assert(unexplained < steps(0.1, 0.02), `${unexplained} of the variance is not explained`);
    assertStringIncludes(lines.at(-1)!, "edges.state.cell    float32 [150, 32]");
  },
});

longTest("edges without it cannot", async () => {
  await init();
  const { unexplained } = await train({ steps: 600, memory: false, log: () => {} });
  assert(unexplained > 0.8, `${unexplained} of the variance is not explained`);
});

longTest("the LSTM's training is the same from the same seed", async () => {
  await init();
  const once = await train({ steps: 5, seed: 1, log: () => {} });
  const again = await train({ steps: 5, seed: 1, log: () => {} });
  assertAlmostEquals(once.loss, again.loss, 1e-6);
});
