import { assert } from "@std/assert";
import { init } from "../../mod.ts";
import { train } from "../../examples/sat.ts";

Deno.test("sat solves larger problems than it was trained on", async () => {
  await init();
  const { loss, accuracy } = await train({ steps: 100, log: () => {} });
  assert(loss < 0.2, `loss ${loss}`);
  assert(accuracy > 0.95, `accuracy ${accuracy}; guessing gives 0.5`);
});
