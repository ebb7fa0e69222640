/**
 * Benchmarks the demo's training step on our engines and in JAX: `deno task bench`.
 *
 *     --rounds N      turns that each contender takes (7)
 *     --steps N       steps of a turn (50; fewer on wasm and cpu)
 *     --only A,B      of xla, xla-plain, wasm, cpu, jax, jax-split; compared with jax, else with A
 *     --write         puts the figures into docs/benchmarks.md
 *
 * All contenders get the same weights, data and random numbers, and their first losses are compared
 * before anything is timed. They run by turns, so that a machine that slows down slows all of them,
 * and speeds are compared round by round.
 */
import { init } from "@meshwork/meshwork";
import { parseArgs } from "node:util";
import { baselinePython } from "./baselines/environment.ts";
import { writeProblem } from "./problem.ts";
import { Contender, type Turn } from "./process.ts";
import { machine, report, type Result } from "./report.ts";

interface Spec {
  readonly title: string;
  /** At most so many steps a turn, turns, and losses: for those that need seconds for a step. */
  readonly steps?: number;
  readonly rounds?: number;
  readonly losses?: number;
}

const SPECS: Readonly<Record<string, Spec>> = {
  jax: { title: "JAX, jraph" },
  "jax-split": { title: "JAX, jraph, concat split by hand" },
  xla: { title: "xla" },
  "xla-plain": { title: "xla, passes off" },
  wasm: { title: "wasm", steps: 2 },
  cpu: { title: "cpu", steps: 1, rounds: 2, losses: 3 },
};

/** How many first losses must agree, and how well: relative to the reference's. */
const LOSSES = 20;
const TOLERANCE = 1e-4;

const DOCUMENT = new URL("../docs/benchmarks.md", import.meta.url);

const local = (path: string): string => new URL(path, import.meta.url).pathname;

/** Starts a contender; it is ready when it has made its first call. */
async function start(name: string, problem: string): Promise<Contender> {
  console.error(`${name}: first call`);
  if (!name.startsWith("jax")) {
    return new Contender(name, [
      Deno.execPath(),
      "run",
      "-A",
      local("contender.ts"),
      name,
      problem,
    ]);
  }
  const script = local("baselines/mesh_graph_nets_jax.py");
  const flags = name === "jax-split" ? ["--split"] : [];
  return new Contender(name, [await baselinePython(), script, problem, ...flags]);
}

/** The largest relative difference of first losses; fails if it is too large. */
function compare(
  { name }: Contender,
  losses: readonly number[],
  reference: Result | undefined,
): number {
  const differences = losses.map((loss, i) => {
    const expected = reference?.losses[i] ?? loss;
    return Math.abs(loss - expected) / Math.abs(expected);
  });
  const deviation = Math.max(...differences);
  if (deviation <= TOLERANCE) return deviation;
  const step = differences.findIndex((difference) => !(difference <= TOLERANCE));
  throw new Error(
    `Cannot compare times as the losses of ${name} must be those of ${reference?.title ?? name} ` +
      `within ${TOLERANCE}: at step ${step} it has ${losses[step]}, expected ` +
      `${reference?.losses[step]}`,
  );
}

/** Lets the contenders run by turns, another one first in each round. */
async function race(
  contenders: readonly Contender[],
  turns: readonly Turn[][],
  limits: { rounds: number; steps: number },
): Promise<void> {
  for (let round = 0; round < limits.rounds; round++) {
    console.error(`round ${round + 1} of ${limits.rounds}`);
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (round + turn) % contenders.length;
      const { rounds = Infinity, steps = Infinity } = SPECS[contenders[i]!.name]!;
      if (round >= rounds) continue;
      turns[i]!.push(await contenders[i]!.ask("run", Math.min(steps, limits.steps)));
    }
  }
}

/** Measures all contenders, the reference first. */
async function measure(
  names: readonly string[],
  problem: string,
  limits: { rounds: number; steps: number },
): Promise<Result[]> {
  using processes = new DisposableStack();
  const contenders: Contender[] = [];
  const results: (Result & { turns: Turn[] })[] = [];
  for (const name of names) {
    const contender = processes.use(await start(name, problem));
    const first = await contender.ask("first");
    const { title, losses: count = LOSSES } = SPECS[name]!;
    const losses = await contender.ask("losses", count);
    const deviation = compare(contender, losses, results[0]);
    const dispatchUs = await contender.ask("dispatch", 2000);
    results.push({ title, first, dispatchUs, losses, deviation, turns: [] });
    contenders.push(contender);
  }
  await race(contenders, results.map(({ turns }) => turns), limits);
  return results;
}

/** Replaces what the last run wrote. */
async function write(text: string): Promise<void> {
  const document = await Deno.readTextFile(DOCUMENT);
  const [begin, end] = ["<!-- figures -->", "<!-- end of figures -->"];
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`Cannot write figures as ${DOCUMENT} has no "${begin}"`);
  await Deno.writeTextFile(DOCUMENT, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

function contendersFrom(only: string | undefined): string[] {
  const names = only?.split(",") ?? Object.keys(SPECS);
  const unknown = names.find((name) => !(name in SPECS));
  if (unknown === undefined) return names.includes("jax") ? [...new Set(["jax", ...names])] : names;
  throw new Error(
    `Cannot benchmark ${unknown} as --only takes names of ${Object.keys(SPECS).join(", ")}`,
  );
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`Cannot benchmark as --${name} is a positive integer: got ${text}`);
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "7" },
      steps: { type: "string", default: "50" },
      only: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const names = contendersFrom(values.only);
  const limits = {
    rounds: positive("rounds", values.rounds),
    steps: positive("steps", values.steps),
  };
  const problem = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await init({ engine: "cpu" });
    await writeProblem(problem);
    const results = await measure(names, problem, limits);
    const versions = new Set(results.map(({ first }) => first.version));
    const text = [machine([...versions]), report(results)].join("\n\n");
    console.log(text);
    if (values.write) await write(text);
  } finally {
    await Deno.remove(problem);
  }
}

try {
  await main(Deno.args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exitCode = 1;
}
