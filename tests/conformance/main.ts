/**
 * Runs the specs of tfjs-core itself on our backends and holds the results against those of tfjs's
 * own cpu backend.
 *
 *     deno task conformance                            cpu, xla, xla without host kernels, wasm
 *     deno task conformance --backend xla              one backend
 *     deno task conformance --backend xla --host-kernels=off
 *     deno task conformance --filter conv2d_test       the specs whose `file › name` holds the text
 *     deno task conformance --write-reference          the reference anew, from tfjs's cpu backend
 *
 * The specs that hold tfjs to a derivative which this library corrects run with tfjs's own gradient
 * (`own_gradients.ts` lists them); what else cannot hold is in `exceptions.ts`.
 *
 * With host kernels off everything on xla is compiled: a pass proves a native kernel. Each mode is
 * a process of its own; what one that dies has left fails, and the spec that it died in is named.
 * Failures are printed by file, with the first line of why, and the last line counts them.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { bundleSpecs } from "./bundle.ts";
import { findPlugin } from "../../lib/xla/plugin_path.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { readReference, writeReference } from "./reference.ts";
import { judge, type Mode, print, type Results } from "./report.ts";
import type { RunOptions, SpecResult } from "./run_specs.ts";

const MODES: readonly Mode[] = [
  { name: "cpu", backend: "cpu", hostKernels: true },
  { name: "xla", backend: "xla", hostKernels: true },
  { name: "xla, host kernels off", backend: "xla", hostKernels: false },
  { name: "wasm", backend: "wasm", hostKernels: true },
];

/** What takes longer, in milliseconds, hangs. */
const LONGEST_RUN = 20 * 60_000;

/** Runs specs in a process of its own. */
async function run(mode: Omit<Mode, "name">, specs: string, only?: string[]): Promise<Results> {
  const results = await Deno.makeTempFile();
  const list = await Deno.makeTempFile();
  const { backend, hostKernels } = mode;
  await Deno.writeTextFile(
    list,
    JSON.stringify({ backend, hostKernels, specs, results, only } satisfies RunOptions),
  );
  const start = performance.now();
  const { success, code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("run_specs.ts", import.meta.url).href, list],
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_RUN),
  }).output();
  const seconds = (performance.now() - start) / 1000;
  const lines = (await Deno.readTextFile(results)).split("\n").filter((line) => line !== "");
  await Promise.all([Deno.remove(results), Deno.remove(list)]);
  const started = lines.map((line) => JSON.parse(line) as SpecResult);
  const ended = new Map(started.filter(({ status }) => status).map((line) => [line.spec, line]));
  if (success) return { ended, crash: null, seconds };
  const last = started.at(-1);
  const where = !last ? "before the first spec" : last.status ? "after" : "in";
  const printed = new TextDecoder().decode(stderr.length > 0 ? stderr : stdout).slice(-2000);
  const crash = `the process ended with ${signal ?? `exit code ${code}`} ${where} ` +
    `${last?.spec ?? ""}\n${printed}`;
  return { ended, crash, seconds };
}

/** The specs that pass on tfjs's cpu backend; those that fail on one without kernels need one. */
async function makeReference(specs: string): Promise<void> {
  const cpu = await run({ backend: "unmodified", hostKernels: true }, specs);
  const bare = await run({ backend: "bare", hostKernels: true }, specs);
  const crash = cpu.crash ?? bare.crash;
  if (crash) throw new Error(`Cannot write the reference as ${crash}`);
  const passed = [...cpu.ended.values()]
    .filter(({ status, onBackend }) => onBackend && status === "passed");
  await writeReference(
    new Map(passed.map(({ spec }) => [spec, bare.ended.get(spec)?.status !== "passed"])),
  );
}

async function compare(modes: readonly Mode[], specs: string, filter: string): Promise<void> {
  const all = await readReference();
  const reference = new Map([...all].filter(([spec]) => spec.includes(filter)));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const mode of modes) {
    if (mode.backend === "xla" && await findPlugin() === null) {
      console.log(`\n${mode.name}: skipped, as its plugin is not installed (deno task setup)`);
      total.skipped += reference.size;
      continue;
    }
    const results = await run(mode, specs, [...reference.keys()]);
    const verdict = judge(mode, reference, results, EXCEPTIONS);
    print(mode, verdict, results);
    total.passed += verdict.passed;
    total.failed += verdict.failures.size;
    total.skipped += verdict.skipped;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  Deno.exitCode = total.failed > 0 ? 1 : 0;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      backend: { type: "string" },
      "host-kernels": { type: "string" },
      filter: { type: "string", default: "" },
      "write-reference": { type: "boolean", default: false },
    },
  });
  const hostKernels = values["host-kernels"];
  const modes = MODES.filter((mode) =>
    (values.backend === undefined || values.backend === mode.backend) &&
    (hostKernels === undefined || mode.hostKernels === (hostKernels !== "off"))
  );
  if (modes.length === 0) {
    throw new RangeError(
      `Cannot run the specs as no mode has backend ${values.backend} with host kernels ` +
        `${hostKernels} (backends: ${MODES.map(({ backend }) => backend).join(", ")})`,
    );
  }
  const folder = await Deno.makeTempDir();
  try {
    const specs = await bundleSpecs(folder);
    if (values["write-reference"]) await makeReference(specs);
    else await compare(modes, specs, values.filter);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
