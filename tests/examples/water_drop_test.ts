import { assert, assertEquals } from "@std/assert";
import { train } from "../../examples/water_drop/main.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { isLong, steps } from "../support/tier.ts";

Deno.test({
  name: "GNS learns how water splashes",
  ...skipUnless(hasXla, "takes minutes where nothing compiles: deno task setup"),
  async fn() {
    await init();
    const scores = await train({ steps: steps(60, 8000), log: () => {} });
    const better = scores.map(({ constantVelocity, simulator }) => constantVelocity / simulator);
    assertEquals(scores[0]!.name, "one step, every frame");
    assert(better[0]! > (isLong ? 2 : 1), `${better}`);
    if (!isLong) return;
    assertEquals(scores.at(-1)!.name, "rollout, 195 steps");
    assert(better.at(-1)! > 5, `${better}`);
  },
});
