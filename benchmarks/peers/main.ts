/**
 * `deno task bench:peers`: the same models, weights and data here, in Jraph on JAX, and in PyTorch
 * Geometric.
 *
 *     --what A,B      of mesh, mesh5, gcn; all of them
 *     --mode A,B      of forward, train; both
 *     --only A,B      contenders: of jax, torch, torch-csr (gcn), xla, xla-kept, xla-sorted (gcn),
 * xla-plain
 *     --rounds N      turns that each contender takes (5)
 *     --steps N       steps of a turn (3)
 *
 * Each is a process; their first losses must agree before anything is timed, and they run by turns.
 */
import { parseArgs } from "node:util";
import { init, saveCheckpoint } from "@meshwork/meshwork";
import { baselinePython } from "../baselines/environment.ts";
import { local, race } from "../race.ts";
import { firstCallTable, machine, stepTable } from "../report.ts";
import { type Mode, MODES, WORKLOADS } from "./workloads.ts";

/** Has glibc keep freed memory, where getting 300 MB anew each step costs a quarter of the time. */
const KEEP_MEMORY = "GLIBC_TUNABLES=glibc.malloc.mmap_threshold=4294967296:" +
  "glibc.malloc.trim_threshold=1000000000000:glibc.malloc.arena_max=1";

type Command = (args: readonly string[]) => Promise<readonly string[]>;

const deno = (name: string): readonly string[] => [
  Deno.execPath(),
  "run",
  "-A",
  local("peers/contender.ts"),
  name,
];
const torch = async (): Promise<readonly string[]> => [
  await baselinePython("requirements_torch.txt"),
  local("peers/peer_torch.py"),
];

/** The contenders, what they are measured against first. */
const CONTENDERS: Readonly<
  Record<string, { title: string; command: Command; only?: readonly string[] }>
> = {
  jax: {
    title: "JAX, jraph",
    command: async (args) => [await baselinePython(), local("peers/peer_jax.py"), ...args],
  },
  torch: {
    title: "PyTorch Geometric",
    command: async (args) => [...await torch(), ...args],
  },
  "torch-csr": {
    title: "PyTorch Geometric, CSR",
    command: async (args) => [...await torch(), ...args, "--csr"],
    only: ["gcn"],
  },
  xla: { title: "xla", command: (args) => Promise.resolve([...deno("xla"), ...args]) },
  "xla-kept": {
    title: "xla, memory kept",
    command: (args) => Promise.resolve(["env", KEEP_MEMORY, ...deno("xla"), ...args]),
  },
  "xla-sorted": {
    title: "xla, edges sorted",
    command: (args) => Promise.resolve([...deno("xla-sorted"), ...args]),
    only: ["gcn"],
  },
  "xla-plain": {
    title: "xla, passes off",
    command: (args) => Promise.resolve([...deno("xla-plain"), ...args]),
  },
};

/** Known names from a list with commas. */
function names(flag: string, text: string, known: readonly string[]): string[] {
  const list = text.split(",");
  const unknown = list.find((name) => !known.includes(name));
  if (unknown === undefined) return list;
  throw new Error(`Cannot benchmark ${unknown} as --${flag} takes names of ${known.join(", ")}`);
}

const { values } = parseArgs({
  options: {
    what: { type: "string", default: Object.keys(WORKLOADS).join() },
    mode: { type: "string", default: MODES.join() },
    only: { type: "string", default: Object.keys(CONTENDERS).join() },
    rounds: { type: "string", default: "5" },
    steps: { type: "string", default: "3" },
  },
});
const limits = { rounds: Number(values.rounds), steps: Number(values.steps) };
const only = names("only", values.only, Object.keys(CONTENDERS));
await init({ engine: "cpu" });
for (const what of names("what", values.what, Object.keys(WORKLOADS))) {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await saveCheckpoint(path, WORKLOADS[what]!.problem());
    for (const mode of names("mode", values.mode, MODES) as Mode[]) {
      const specs = only.filter((name) => CONTENDERS[name]!.only?.includes(what) ?? true)
        .map((name) => {
          const { title, command } = CONTENDERS[name]!;
          return { name, title, losses: 3, command: () => command([what, mode, path]) };
        });
      const results = await race(specs, limits);
      const versions = [...new Set(results.map(({ first }) => first.version))];
      console.log(`## ${WORKLOADS[what]!.title}, ${mode}\n`);
      console.log(
        [machine(versions), stepTable(results), firstCallTable(results)].join("\n\n"),
        "\n",
      );
    }
  } finally {
    await Deno.remove(path);
  }
}
