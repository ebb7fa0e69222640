import { assert } from "@std/assert";
import { train } from "../../examples/lennard_jones/main.ts";
import { init } from "../../mod.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { isLong, steps } from "../support/tier.ts";

Deno.test({
  name: "GNS learns the motion of three particles in a periodic box",
  ...skipUnless(hasXla, "takes minutes where nothing compiles: deno task setup"),
  async fn() {
    await init();
    const { simulator, constantVelocity } = await train({
      steps: steps(300, 12_000),
      log: () => {},
    });
    const better = constantVelocity / simulator;
    assert(better > (isLong ? 20 : 2), `${better} times better than constant velocity`);
  },
});
