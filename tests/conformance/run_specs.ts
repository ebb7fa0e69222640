/**
 * Runs the bundled specs on one backend, in a process of its own, and writes down each result at
 * once, so that a crash loses none.
 *
 * @module
 */
import jasmineRequire from "jasmine-core";
import * as tf from "@tensorflow/tfjs";
import { type BundleGlobals, ENVIRONMENT } from "./bundle.ts";
import { currentGradients, needsOwnGradients, useGradients } from "./own_gradients.ts";

/** What to run. */
export interface RunOptions {
  /** `unmodified` is tfjs's cpu backend without this library, `bare` the same without kernels. */
  readonly backend: "xla" | "wasm" | "cpu" | "unmodified" | "bare";
  /** Whether host kernels may stand in for native ones. */
  readonly hostKernels: boolean;
  /** The bundle. */
  readonly specs: string;
  /** The file to write results to, one JSON value a line. */
  readonly results: string;
  /** The specs to run; all if absent. */
  readonly only?: readonly string[] | undefined;
}

/** A line of the file of results: a spec starts (no status), or has ended. */
export interface SpecResult {
  /** `file › full name`; the second spec of one name has ` (2)` after it. */
  readonly spec: string;
  /** Whether the spec is run on the backend at all; the rest test functions of no backend. */
  readonly onBackend: boolean;
  readonly status?: "passed" | "failed" | "pending" | "excluded";
  /** Why it failed. */
  readonly messages?: readonly string[];
}

/** The part of jasmine that is used here; its package has no types. */
interface Jasmine {
  getEnv(): JasmineEnv;
}
interface JasmineSpec {
  readonly id: string;
  getFullName(): string;
}
interface JasmineResult {
  readonly id: string;
  readonly status: NonNullable<SpecResult["status"]>;
  readonly failedExpectations: readonly { readonly message: string }[];
}
type Define = (...args: unknown[]) => JasmineSpec;
interface JasmineEnv {
  configure(options: Record<string, unknown>): void;
  addReporter(reporter: Record<string, (result: JasmineResult) => void>): void;
  execute(): Promise<void>;
}

/** Makes the backend under test tfjs's current one, with what this library adds to it. */
async function start({ backend, hostKernels }: RunOptions): Promise<void> {
  if (backend === "unmodified" || backend === "bare") {
    // Under a name of its own, as some specs are of a backend named cpu only.
    tf.registerBackend(backend, tf.findBackendFactory("cpu"));
    if (backend === "unmodified") tf.copyRegisteredKernels("cpu", backend);
    await tf.setBackend(backend);
    return;
  }
  const { init } = await import("../../lib/init/mod.ts");
  await init({ engine: backend });
  if (backend === "xla" && !hostKernels) {
    const { setHostKernels } = await import("../../lib/xla/mod.ts");
    setHostKernels(false);
  }
}

/**
 * Milliseconds that a spec may take, whatever it allows itself: a machine may be slow, and what
 * hangs is stopped with the whole run.
 */
const LONGEST_SPEC = 10 * 60_000;

/** Keeps the name of each spec that is defined from now on, by its id. */
function nameSpecs(names: Map<string, { spec: string; onBackend: boolean }>): void {
  const uses = new Map<string, number>();
  const tag = ` ${ENVIRONMENT} {}`;
  const globals = globalThis as unknown as Record<"it" | "fit" | "xit", Define> & BundleGlobals;
  for (const define of ["it", "fit", "xit"] as const) {
    const original = globals[define];
    globals[define] = (description, body) => {
      const spec = original(description, body, LONGEST_SPEC);
      const full = spec.getFullName();
      const name = `${globals.conformanceFile} › ${full.replace(tag, "").trim()}`;
      const use = (uses.get(name) ?? 0) + 1;
      uses.set(name, use);
      names.set(spec.id, {
        spec: use === 1 ? name : `${name} (${use})`,
        onBackend: full.includes(tag),
      });
      return spec;
    };
  }
}

async function main(options: RunOptions): Promise<void> {
  const tfjsGradients = currentGradients();
  await start(options);
  const gradients = currentGradients();
  Object.assign(globalThis, { conformanceBackend: options.backend });
  const jasmine = jasmineRequire.boot(jasmineRequire) as Jasmine;
  const names = new Map<string, { spec: string; onBackend: boolean }>();
  nameSpecs(names);
  await import(new URL(`file://${options.specs}`).href);

  const env = jasmine.getEnv();
  const only = options.only && new Set(options.only);
  const isChosen = (id: string): boolean => !only || only.has(names.get(id)!.spec);
  env.configure({
    random: false,
    specFilter: ({ id }: JasmineSpec) => isChosen(id),
  });
  const file = await Deno.open(options.results, { append: true, create: true });
  const write = (line: SpecResult): void => {
    file.writeSync(new TextEncoder().encode(JSON.stringify(line) + "\n"));
  };
  env.addReporter({
    specStarted: ({ id }) => {
      if (!isChosen(id)) return;
      write(names.get(id)!);
      if (needsOwnGradients(names.get(id)!.spec)) useGradients(tfjsGradients);
    },
    specDone: ({ id, status, failedExpectations }) => {
      if (needsOwnGradients(names.get(id)!.spec)) useGradients(gradients);
      const messages = failedExpectations.map(({ message }) => message);
      if (status !== "excluded") write({ ...names.get(id)!, status, messages });
    },
  });
  await env.execute();
  file.close();
  Deno.exit(0);
}

if (import.meta.main) await main(JSON.parse(await Deno.readTextFile(Deno.args[0]!)) as RunOptions);
