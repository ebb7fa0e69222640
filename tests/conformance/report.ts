/** How the specs of one mode ended, against the reference. @module */
import type { Exception } from "./exceptions.ts";
import { groupByFile, type Reference } from "./reference.ts";
import type { RunOptions, SpecResult } from "./run_specs.ts";

/** A backend, and how it is run. */
export interface Mode {
  readonly name: string;
  readonly backend: RunOptions["backend"];
  readonly hostKernels: boolean;
}

/** How a mode's specs ended. */
export interface Results {
  /** Each spec that ended. */
  readonly ended: ReadonlyMap<string, SpecResult>;
  /** What ended the process before its last spec; null if nothing did. */
  readonly crash: string | null;
  readonly seconds: number;
}

/** What the results of a mode are worth. */
export interface Verdict {
  readonly passed: number;
  /** Exceptions that did not pass. */
  readonly skipped: number;
  /** Why each of the others failed. */
  readonly failures: ReadonlyMap<string, string>;
  /** How many specs need a kernel, and how many of them passed. */
  readonly needed: number;
  readonly neededPassed: number;
}

/** Holds results against the reference: what did not run failed, and so did an idle exception. */
export function judge(
  mode: Mode,
  reference: Reference,
  { ended }: Results,
  exceptions: readonly Exception[],
): Verdict {
  const excepted = new Set(
    exceptions.filter((exception) => exception.mode === mode.name).flatMap(({ specs }) => specs),
  );
  const failures = new Map<string, string>();
  let [passed, skipped, needed, neededPassed] = [0, 0, 0, 0];
  for (const [spec, needsKernel] of reference) {
    const { status, messages } = ended.get(spec) ?? {};
    const holds = status === "passed";
    if (needsKernel) needed++;
    if (needsKernel && holds) neededPassed++;
    if (excepted.has(spec) && !holds) skipped++;
    else if (excepted.has(spec)) failures.set(spec, "passes, but is an exception: remove it there");
    else if (holds) passed++;
    else failures.set(spec, messages?.[0]?.split("\n")[0] ?? "did not run");
  }
  return { passed, skipped, failures, needed, neededPassed };
}

/** Prints failures by file, what ended the process early, and the numbers. */
export function print(mode: Mode, verdict: Verdict, { crash, seconds }: Results): void {
  const { passed, skipped, failures, needed, neededPassed } = verdict;
  for (const [file, names] of groupByFile(failures.keys())) {
    console.log(`\n${file}: ${names.length} failed on ${mode.name}`);
    for (const name of names) console.log(`  ${name}\n    ${failures.get(`${file} › ${name}`)}`);
  }
  if (crash) console.log(`\n${mode.name}: ${crash}`);
  console.log(
    `\n${mode.name}: ${passed} of ${passed + skipped + failures.size} specs passed, ` +
      `${neededPassed} of the ${needed} that need a kernel; ${failures.size} failed, ` +
      `${skipped} are exceptions (${seconds.toFixed(0)} s)`,
  );
}
