import { assert } from "@std/assert";
import { init } from "../../mod.ts";
import { train } from "../../examples/ogb_graph_classification.ts";

Deno.test("ogb_graph_classification tells most molecules apart that it has not seen", async () => {
  await init();
  const lines: string[] = [];
  const { accuracy } = await train({ epochs: 12, log: (line) => lines.push(line) });
  assert(accuracy > 0.65, `accuracy ${accuracy}; guessing gives 0.5`);
  assert(/train loss .* accuracy .*, test loss .* accuracy/.test(lines.at(-1)!), lines.at(-1));
});
