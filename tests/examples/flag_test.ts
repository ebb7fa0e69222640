import { assert, assertEquals } from "@std/assert";
import { train } from "../../examples/flag.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { isLong, steps } from "../support/tier.ts";

Deno.test({
  name: "MeshGraphNets learns how a cloth swings",
  ...skipUnless(hasXla, "takes minutes where nothing compiles: deno task setup"),
  async fn() {
    await init();
    const scores = await train({ steps: steps(150, 1500), log: () => {} });
    assertEquals(scores.map(({ horizon }) => horizon), [1, 10, 20]);
    const better = scores.map(({ constantVelocity, simulator }) => constantVelocity / simulator);
    assert(better[2]! > (isLong ? 3 : 1), `${better}`);
  },
});
