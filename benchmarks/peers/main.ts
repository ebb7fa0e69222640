/**
 * `deno task bench:peers`: the same models, weights and data here, in Jraph on JAX, and in PyTorch
 * Geometric.
 *
 *     --what A,B      of mesh, particles, gcn, gat, molecules; all of them
 *     --mode A,B      of forward, train, rollout, epoch; those that a workload has
 *     --only A,B      contenders: of jax, torch, torch-csr (gcn), xla, xla-sorted (gcn, gat),
 *                     xla-plain, wasm; cpu would take minutes for a step
 *     --rounds N      turns that each contender takes (5)
 *     --steps N       steps of a turn (3)
 *     --write         puts the figures into figures.json, docs/benchmarks.md and docs/peers.svg
 *
 * Each is a process; their first losses must agree before anything is timed, and they run by turns.
 */
import { parseArgs } from "node:util";
import { init, saveCheckpoint } from "@meshwork/meshwork";
import { baselinePython } from "../baselines/environment.ts";
import { local, race, type Spec } from "../race.ts";
import { firstCallTable, machine, memoryTable, stepTable } from "../report.ts";
import { keepFigures, writeFigures } from "./figures.ts";
import { type Mode, WORKLOADS } from "./workloads.ts";

type Command = (args: readonly string[]) => Promise<readonly string[]>;

/** A contender; `only` names the workloads that it takes part in. */
interface Peer extends Omit<Spec, "name" | "command"> {
  readonly command: Command;
  readonly only?: readonly string[];
}

const deno = (name: string): Command => (args) =>
  Promise.resolve([Deno.execPath(), "run", "-A", local("peers/contender.ts"), name, ...args]);

/** Its threads sleep while they wait, as spinning ones stop each other where cores are shared. */
const torch = (...flags: string[]): Command => async (args) => [
  "env",
  "OMP_WAIT_POLICY=PASSIVE",
  await baselinePython("requirements_torch.txt"),
  local("peers/peer_torch.py"),
  ...args,
  ...flags,
];

const jax: Command = async (args) => [
  await baselinePython(),
  local("peers/peer_jax.py"),
  ...args,
];

/** What takes seconds for a step takes one. */
const SLOW = { steps: 1, rounds: 2, losses: 1 };

/** The contenders, what they are measured against first. */
const CONTENDERS: Readonly<Record<string, Peer>> = {
  jax: { title: "JAX, jraph", command: jax },
  torch: { title: "PyTorch Geometric", command: torch() },
  "torch-csr": { title: "PyTorch Geometric, CSR", command: torch("--csr"), only: ["gcn"] },
  xla: { title: "xla", command: deno("xla") },
  "xla-sorted": { title: "xla, edges sorted", command: deno("xla-sorted"), only: ["gcn", "gat"] },
  "xla-plain": { title: "xla, passes off", command: deno("xla-plain") },
  wasm: { title: "wasm", command: deno("wasm"), ...SLOW },
};

/** Known names from a list with commas. */
function names(flag: string, text: string, known: readonly string[]): string[] {
  const list = text.split(",");
  const unknown = list.find((name) => !known.includes(name));
  if (unknown === undefined) return list;
  throw new Error(`Cannot benchmark ${unknown} as --${flag} takes names of ${known.join(", ")}`);
}

/** The contenders of a workload that were asked for. */
function specsOf(what: string, mode: Mode, only: readonly string[], path: string): Spec[] {
  return only.filter((name) => CONTENDERS[name]!.only?.includes(what) ?? true).map((name) => {
    const { command, ...peer } = CONTENDERS[name]!;
    return {
      losses: mode === "train" ? 3 : 1,
      ...peer,
      name,
      command: () => command([what, mode, path]),
    };
  });
}

const MODES: readonly Mode[] = ["forward", "train", "rollout", "epoch"];

const { values } = parseArgs({
  options: {
    what: { type: "string", default: Object.keys(WORKLOADS).join() },
    mode: { type: "string", default: MODES.join() },
    only: { type: "string", default: Object.keys(CONTENDERS).join() },
    rounds: { type: "string", default: "5" },
    steps: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
const limits = { rounds: Number(values.rounds), steps: Number(values.steps), memory: true };
const only = names("only", values.only, Object.keys(CONTENDERS));
const asked = names("mode", values.mode, MODES);
await init({ engine: "cpu" });
for (const what of names("what", values.what, Object.keys(WORKLOADS))) {
  const { title, modes, problem } = WORKLOADS[what]!;
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await saveCheckpoint(path, await problem());
    for (const mode of modes.filter((mode) => asked.includes(mode))) {
      const results = await race(specsOf(what, mode, only, path), limits);
      const versions = [...new Set(results.map(({ first }) => first.version))];
      const tables = [stepTable(results), firstCallTable(results), memoryTable(results)];
      console.log([`## ${title}, ${mode}`, machine(versions), ...tables].join("\n\n"), "\n");
      if (values.write) await keepFigures({ what, mode, machine: machine(versions), results });
    }
  } finally {
    await Deno.remove(path);
  }
}
if (values.write) await writeFigures();
