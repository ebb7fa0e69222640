import { assert } from "@std/assert";
import { init } from "../../mod.ts";
import { train } from "../../examples/higgs_detection.ts";

Deno.test("higgs_detection finds the peak at the boson's mass", async () => {
  await init();
  const { few } = await train({ steps: 750, log: () => {} });
  assert(few > 0.75, `accuracy ${few}; guessing gives 0.5`);
});
