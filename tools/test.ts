/**
 * Runs the tests, then the examples in the documentation, and ends with one line that counts them:
 * `N passed, N failed, N skipped`.
 *
 *     deno task test                     everything, after the set-up of the engine
 *     deno task test:long                the same with full counts
 *     deno task test tests/lib/graph     only what is named, without set-up
 *
 * Each part is a process of its own, so that one that dies cannot hide the others' results. The
 * numbers are those of the runner's own summaries; a process that failed without a failed test (a
 * type error, a signal, no tests at all) counts as one failure, and the line above says which.
 *
 * @module
 */
import { GOLDEN_MARK } from "../tests/support/golden_mark.ts";
import { SKIP_MARK } from "../tests/support/skip.ts";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Part {
  readonly name: string;
  readonly args: readonly string[];
}

const DOCUMENTED = ["mod.ts", "lib", "datasets", "README.md", "docs"];

/** What `deno test` prints last: `ok | 3 passed (2 steps) | 0 failed | 1 ignored (5ms)`. */
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/gm;

/** What `deno test` prints of the tests that failed, before it lists their names. */
const ERRORS = /^ ERRORS \n([^]*?)^ FAILURES $/gm;

// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Runs one process, passing its output on, and returns its status and what it printed. */
async function spawn(args: readonly string[]): Promise<[Deno.CommandStatus, string]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const [shown, kept] = child.stdout.tee();
  const [text] = await Promise.all([
    new Response(kept).text(),
    shown.pipeTo(Deno.stdout.writable, { preventClose: true }),
  ]);
  return [await child.status, text.replace(COLOURS, "")];
}

/** What a process did, counted from what it printed and how it ended. */
function count(name: string, status: Deno.CommandStatus, output: string): Counts {
  const last = [...output.matchAll(SUMMARY)].at(-1);
  const [passed, failed, skipped] = [1, 2, 3].map((i) => Number(last?.[i] ?? 0)) as [
    number,
    number,
    number,
  ];
  if (failed > 0 || (status.success && passed + skipped > 0)) return { passed, failed, skipped };
  const end = status.signal ? `signal ${status.signal}` : `exit code ${status.code}`;
  console.log(
    `\n${name}: the process ended with ${end} and no failed test` +
      `${last ? "" : " and no results"}; this counts as one failure.`,
  );
  return { passed, failed: 1, skipped };
}

/** Prints why tests were skipped, each reason once. */
function explainSkips(output: string): void {
  const reasons = new Map<string, number>();
  for (const line of output.split("\n")) {
    if (!line.startsWith(SKIP_MARK)) continue;
    const reason = line.slice(SKIP_MARK.length);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, times] of reasons) console.log(`${times} skipped: ${reason}`);
}

/** Prints how many values were compared with those of another system, if any were. */
function countGolden(output: string): void {
  const counts = output.split("\n").filter((line) => line.startsWith(GOLDEN_MARK))
    .map((line) => parseInt(line.slice(GOLDEN_MARK.length)));
  const sum = counts.reduce((a, b) => a + b, 0);
  if (sum > 0) console.log(`${sum.toLocaleString("en")} values compared with jraph`);
}

/** Prints again how tests failed: a log that is cut keeps its end. */
function repeatErrors(output: string): void {
  for (const [, errors] of output.matchAll(ERRORS)) console.log(errors);
}

function partsOf(paths: readonly string[]): Part[] {
  const run = ["test", "-A", "--parallel"];
  if (paths.length > 0) return [{ name: "chosen tests", args: [...run, "--doc", ...paths] }];
  return [
    { name: "tests", args: [...run, "tests"] },
    {
      name: "examples in the documentation",
      args: [...run, "--doc", ...DOCUMENTED],
    },
  ];
}

/**
 * Fetches the engine and MPI where they are missing; they have no results, and count when they
 * fail.
 */
async function setUp(): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const script of ["tools/setup.ts", "tools/setup_mpi.ts"]) {
    const [status] = await spawn(["run", "-A", script, "--if-possible"]);
    if (status.success) continue;
    console.log(`\n${script} failed; this counts as one failure.`);
    counts.failed++;
  }
  return counts;
}

async function main(): Promise<void> {
  const total = Deno.args.length > 0 ? { passed: 0, failed: 0, skipped: 0 } : await setUp();
  let printed = "";
  for (const part of partsOf(Deno.args)) {
    console.log(`\n== ${part.name} ==`);
    const [status, output] = await spawn(part.args);
    const counts = count(part.name, status, output);
    for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
    printed += output;
  }
  console.log();
  repeatErrors(printed);
  explainSkips(printed);
  countGolden(printed);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  Deno.exitCode = total.failed > 0 ? 1 : 0;
}

if (import.meta.main) await main();
