/**
 * `deno task bench`: times our engines against each other, and against JAX.
 *
 *     --what A,B      of demo (the demo's training step), mlp (an MLP in plain TensorFlow.js),
 *                     eager (the first use of an op); all three
 *     --only A,B      contenders: of xla, xla-plain, wasm, cpu, jax, jax-split, compared with jax,
 *                     else with A; of an MLP xla, xla-jit, wasm, cpu
 *     --rounds N      turns that each contender takes (7)
 *     --steps N       steps of a turn (50; fewer of the demo on wasm and cpu)
 *     --write         puts the figures into docs/benchmarks.md
 *
 * The contenders of a comparison get the same weights, data and random numbers, and their first
 * losses are compared before anything is timed. They run by turns, so that a machine that slows
 * down slows all of them, and speeds are compared round by round.
 */
import { parseArgs } from "node:util";
import { firstUses } from "./first_use.ts";
import { measureMlp, MLP_NAMES } from "./mlp.ts";
import type { Limits } from "./race.ts";
import {
  firstCallTable,
  firstUseTable,
  machine,
  opTable,
  type Result,
  stepTable,
} from "./report.ts";
import { measureTrainStep, TRAIN_STEP_NAMES } from "./train_step.ts";

const DOCUMENT = new URL("../docs/benchmarks.md", import.meta.url);

/** The text of each benchmark's figures. */
const BENCHMARKS: Readonly<
  Record<string, (only: string | undefined, limits: Limits) => Promise<string>>
> = {
  async demo(only, limits) {
    const results = await measureTrainStep(contenders(only, TRAIN_STEP_NAMES), limits);
    return [machine(versions(results)), stepTable(results), firstCallTable(results)].join("\n\n");
  },
  async mlp(only, limits) {
    const results = await measureMlp(contenders(only, MLP_NAMES), limits);
    return [machine(versions(results)), stepTable(results), opTable(results)].join("\n\n");
  },
  async eager(_, { rounds }) {
    const uses = await firstUses(rounds);
    return [machine([]), firstUseTable(uses)].join("\n\n");
  },
};

const versions = (results: readonly Result[]): string[] => [
  ...new Set(results.map(({ first }) => first.version)),
];

/** The contenders that were asked for and take part; jax, if it does, first. */
function contenders(only: string | undefined, known: readonly string[]): string[] {
  const names = (only?.split(",") ?? known).filter((name) => known.includes(name));
  return names.includes("jax") ? [...new Set(["jax", ...names])] : [...names];
}

/** A list of names, all of them known. */
function list(flag: string, text: string | undefined, known: readonly string[]): void {
  const unknown = text?.split(",").find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(
    `Cannot benchmark ${unknown} as --${flag} takes names of ${[...new Set(known)].join(", ")}`,
  );
}

/** Replaces what the last run wrote. */
async function write(what: string, text: string): Promise<void> {
  const document = await Deno.readTextFile(DOCUMENT);
  const [begin, end] = [`<!-- figures: ${what} -->`, `<!-- end of figures: ${what} -->`];
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`Cannot write figures as ${DOCUMENT} has no "${begin}"`);
  await Deno.writeTextFile(DOCUMENT, `${before}${begin}\n\n${text}\n\n${end}${after}`);
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
      what: { type: "string", default: Object.keys(BENCHMARKS).join() },
      rounds: { type: "string", default: "7" },
      steps: { type: "string", default: "50" },
      only: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  list("what", values.what, Object.keys(BENCHMARKS));
  list("only", values.only, [...TRAIN_STEP_NAMES, ...MLP_NAMES]);
  const limits = {
    rounds: positive("rounds", values.rounds),
    steps: positive("steps", values.steps),
  };
  for (const what of values.what.split(",")) {
    const text = await BENCHMARKS[what]!(values.only, limits);
    console.log(`${what}\n\n${text}\n`);
    if (values.write) await write(what, text);
  }
}

try {
  await main(Deno.args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exitCode = 1;
}
