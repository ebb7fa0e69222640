/**
 * Benchmarks a rollout of GNS as one program, neighbours found inside it, against the same in JAX
 * with JAX, M.D.'s list:
 *
 *     deno run -A benchmarks/rollout.ts [--particles 1000] [--steps 10] [--latent 128]
 *         [--processor 10] [--rounds 7] [--runs 1] [--only jax,jax-split,xla]
 *
 * All get the same weights and particles, in a periodic box. What they roll out is compared, as a
 * sum of all positions times a random probe; then they take turns.
 */
import { init } from "@meshwork/meshwork";
import { parseArgs } from "node:util";
import { baselinePython } from "./baselines/environment.ts";
import { local, race, type Spec } from "./race.ts";
import { machine, spread, table } from "./report.ts";
import { rolloutSettings, writeRollout } from "./rollout_problem.ts";

const { values: flags } = parseArgs({
  options: {
    particles: { type: "string", default: "1000" },
    steps: { type: "string", default: "10" },
    latent: { type: "string", default: "128" },
    processor: { type: "string", default: "10" },
    rounds: { type: "string", default: "7" },
    runs: { type: "string", default: "1" },
    only: { type: "string", default: "jax,jax-split,xla" },
  },
});
const steps = Number(flags.steps);
const folder = await Deno.makeTempDir();
try {
  await init({ engine: "cpu" });
  const problem = `${folder}/problem.safetensors`;
  await writeRollout(
    problem,
    Number(flags.particles),
    rolloutSettings(Number(flags.particles), steps, {
      latentSize: Number(flags.latent),
      messagePassingSteps: Number(flags.processor),
    }),
  );
  const jax = (title: string, ...options: string[]): Omit<Spec, "name"> => ({
    title,
    command: async () => [
      await baselinePython("requirements_jax_md.txt"),
      ...[local("baselines/rollout_jax_md.py"), problem, ...options],
    ],
  });
  const known: Record<string, Omit<Spec, "name">> = {
    "jax": jax("JAX, jax-md"),
    "jax-split": jax("JAX, jax-md, concat split by hand", "--split"),
    "xla": {
      title: "xla",
      command: () =>
        Promise.resolve([Deno.execPath(), "run", "-A", local("rollout_contender.ts"), problem]),
    },
  };
  const specs = flags.only.split(",").map((name) => ({ name, losses: 1, ...known[name]! }));
  const results = await race(specs, { rounds: Number(flags.rounds), steps: Number(flags.runs) });
  const versions = [...new Set(results.map(({ first }) => first.version))];
  const [reference] = results;
  console.log(machine([...versions, `${flags.particles} particles, ${steps} steps a rollout`]));
  console.log(table(
    ["", "ms per step", `speed, ${reference!.title} = 1`, "cores' ms per step", "differs by"],
    results.map(({ title, turns, deviation }) => [
      title,
      spread(turns.map(({ ms }) => ms / steps), 1),
      spread(turns.map(({ ms }, round) => reference!.turns[round]!.ms / ms), 2),
      spread(turns.map(({ cpuMs }) => cpuMs / steps), 1),
      deviation.toExponential(1),
    ]),
  ));
} finally {
  await Deno.remove(folder, { recursive: true });
}
