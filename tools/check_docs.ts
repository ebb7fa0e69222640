/**
 * Checks what users import with `deno doc --lint`: what has no docstring, public types that the
 * documentation cannot show, and missing types of results. Run by `deno task docs:check`; that
 * every function has an example is tested in `tests/repo/docs_test.ts`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** The engine's inside is for people who work on it; its types go their own ways. */
const INTERNAL = "./xla";

const entries = Object.entries(config.exports)
  .filter(([name]) => name !== INTERNAL)
  .map(([, path]) => path);
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...entries],
  stdout: "null",
}).output();
// It also warns of what it cannot read in other packages' types, which is nothing to mend here.
if (code !== 0) console.error(new TextDecoder().decode(stderr));
Deno.exitCode = code;
