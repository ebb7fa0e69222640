/**
 * Checks what users import with `deno doc --lint`: public types that the documentation cannot show,
 * and missing types of results. Run by `deno task docs:check`.
 *
 * Members of an interface may go without a docstring where the name says it all (`title`, `height`);
 * that every export has one, and every function an example, is tested in `tests/repo/docs_test.ts`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** The engine's inside is for people who work on it; its types go their own ways. */
const INTERNAL = "./xla";

// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[[0-9;]*m/g;

const entries = Object.entries(config.exports)
  .filter(([name]) => name !== INTERNAL)
  .map(([, path]) => path);
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...entries],
  stdout: "null",
}).output();
const output = new TextDecoder().decode(stderr).replace(COLOURS, "");
const reports = output.split(/\n(?=error|Warning)/).map((report) => report.trim());
const errors = reports.filter((report) =>
  report.startsWith("error[") && !report.startsWith("error[missing-jsdoc]")
);
// Where it could not even read the modules there is no `error[rule]`, only its last words.
if (code !== 0 && !reports.some((report) => report.startsWith("error["))) errors.push(output);
for (const error of errors) console.error(`${error}\n`);
console.log(`${errors.length} errors in the documentation of ${entries.join(", ")}`);
Deno.exitCode = errors.length > 0 ? 1 : 0;
