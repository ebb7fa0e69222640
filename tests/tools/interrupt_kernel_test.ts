import { assert, assertEquals } from "@std/assert";
import { pythonEnv, PythonError } from "../../tools/notebooks/python_env.ts";
import { hasXla } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";

const SCRIPT = new URL("interrupt_kernel.py", import.meta.url).pathname;
const ROUNDS = 10;

/** What the script says after each press of the stop button. */
interface Report {
  /** Seconds from the press to the end of the cell. */
  readonly async: readonly number[];
  readonly sync: readonly number[];
  readonly states: readonly {
    readonly sum: number;
    readonly resumed: number;
    readonly step: number;
    readonly pid: number;
  }[];
  /** Processes that outlived the kernel. */
  readonly orphans: readonly number[] | null;
}

/** Why the test cannot run on this machine, or null. */
const obstacle = hasXla
  ? await pythonEnv("run").then(() => null, (error) => {
    if (error instanceof PythonError) return error.message;
    throw error;
  })
  : "needs the xla engine: deno task setup";

Deno.test({
  name: "the stop button ends training, keeps its state and the kernel, and leaves nobody behind",
  ...skipUnless(obstacle === null, obstacle ?? ""),
  async fn() {
    const { python, variables } = await pythonEnv("run");
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [SCRIPT, String(ROUNDS)],
      cwd: new URL("../../notebooks", import.meta.url),
      env: variables,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const report: Report = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([report.async.length, report.sync.length], [ROUNDS, ROUNDS]);
    const { states } = report;
    assertEquals(states.length, 2 * ROUNDS + 1);
    assertEquals(new Set(states.map(({ sum }) => sum)).size, 2 * ROUNDS);
    // One kernel all along.
    assertEquals(new Set(states.map(({ pid }) => pid)).size, 1);
    states.slice(0, 2 * ROUNDS).forEach(({ step, resumed }, n) => {
      // Each cell trained, and each went on from where the one before was stopped.
      if (n > 0) assert(step > states[n - 1]!.step, JSON.stringify(states));
      if (n > 0 && n % 2 === 0) assertEquals(resumed, states[n - 1]!.sum);
    });
    // Pressed where nothing listened, it did nothing.
    assertEquals(states.at(-1), states.at(-2));
    assertEquals(report.orphans, []);
  },
});
