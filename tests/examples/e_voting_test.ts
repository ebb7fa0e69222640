import { assert } from "@std/assert";
import { init } from "../../mod.ts";
import { train } from "../../examples/e_voting.ts";

Deno.test("e_voting learns to count votes", async () => {
  await init();
  const lines: string[] = [];
  const { few, many } = await train({ steps: 250, log: (line) => lines.push(line) });
  assert(few > 0.55, `accuracy ${few}; guessing gives 0.05`);
  assert(many > 0.35, `accuracy ${many}`);
  assert(lines.at(-1)!.includes("accuracy"), lines.at(-1));
});
