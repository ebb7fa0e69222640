import { assert } from "@std/assert";
import { init } from "../../mod.ts";
import { train } from "../../examples/higgs_detection.ts";

Deno.test("higgs_detection finds more events than guessing does", async () => {
  await init();
  const { few } = await train({ steps: 250, log: () => {} });
  assert(few > 0.52, `accuracy ${few}; guessing gives 0.5`);
});
