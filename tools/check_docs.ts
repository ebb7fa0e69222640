/**
 * Checks what users import with `deno doc --lint`: what has no docstring, public types that the
 * documentation cannot show, and missing types of results. Run by `deno task docs:check`; that every
 * function has an example is tested in `tests/repo/docs_test.ts`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** The engine's inside is for people who work on it; its types go their own ways. */
const INTERNAL = "./xla";

const entries = Object.entries(config.exports)
  .filter(([name]) => name !== INTERNAL)
  .map(([, path]) => path);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...entries],
  stdout: "null",
  stderr: "inherit",
}).output();
Deno.exitCode = code;
