import { assert } from "@std/assert";
import { longTest } from "../support/tier.ts";
import { modules, ROOT } from "./source.ts";

const MAX_LINES = 165;

/** Scripts directly in examples/; what needs a folder of its own has tests of its own. */
const EXAMPLES = (await modules("examples")).filter((path) => path.split("/").length === 2);

/** Examples whose short form has a test of its own; the script itself runs in the long tier. */
const TESTED = new Set(
  (await modules("tests/examples")).map((path) =>
    path.replace(/^tests\//, "").replace(/_test\.ts$/, ".ts")
  ),
);

for (const path of EXAMPLES) {
  Deno.test(`${path} has fewer than ${MAX_LINES} lines`, async () => {
    const text = await Deno.readTextFile(`${ROOT}/${path}`);
    assert(text.trimEnd().split("\n").length < MAX_LINES, "it is too long for an example");
  });

  const register = TESTED.has(path) ? longTest : Deno.test;
  register(`${path} runs, checks itself and says what it shows`, async () => {
    const { success, code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path],
      cwd: ROOT,
    }).output();
    assert(success, `it ended with exit code ${code}: ${new TextDecoder().decode(stderr)}`);
    assert(stdout.length > 0, "it prints nothing");
  });
}
