import { assert } from "@std/assert";
import { modules, ROOT } from "./source.ts";

const MAX_LINES = 100;

/** Scripts directly in examples/; what needs a folder of its own has tests of its own. */
const EXAMPLES = (await modules("examples")).filter((path) => path.split("/").length === 2);

for (const path of EXAMPLES) {
  Deno.test(`${path} runs, checks itself and says what it shows, in fewer than ${MAX_LINES} lines`, async () => {
    const text = await Deno.readTextFile(`${ROOT}/${path}`);
    assert(text.split("\n").length < MAX_LINES, "it is too long for an example");
    const { success, code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path],
      cwd: ROOT,
    }).output();
    assert(success, `it ended with exit code ${code}: ${new TextDecoder().decode(stderr)}`);
    assert(stdout.length > 0, "it prints nothing");
  });
}
