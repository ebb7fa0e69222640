/** The contenders of the demo's training step: our engines, and JAX with Jraph. */
import { init } from "@meshwork/meshwork";
import { baselinePython } from "./baselines/environment.ts";
import { writeProblem } from "./problem.ts";
import { type Limits, local, race, type Spec } from "./race.ts";
import type { Result } from "./report.ts";

type Titled = Omit<Spec, "name" | "command">;

const SPECS: Readonly<Record<string, Titled>> = {
  jax: { title: "JAX, jraph" },
  "jax-split": { title: "JAX, jraph, concat split by hand" },
  xla: { title: "xla" },
  "xla-plain": { title: "xla, passes off" },
  wasm: { title: "wasm", steps: 2 },
  cpu: { title: "cpu", steps: 1, rounds: 2, losses: 3 },
};

/** The names of the contenders. */
export const TRAIN_STEP_NAMES: readonly string[] = Object.keys(SPECS);

/** The command of a contender; it is ready when it has made its first call. */
async function command(name: string, problem: string): Promise<readonly string[]> {
  if (!name.startsWith("jax")) {
    return [Deno.execPath(), "run", "-A", local("contender.ts"), name, problem];
  }
  const script = local("baselines/mesh_graph_nets_jax.py");
  const flags = name === "jax-split" ? ["--split"] : [];
  return [await baselinePython(), script, problem, ...flags];
}

/** Measures the training step on some contenders, all with the same problem. */
export async function measureTrainStep(
  names: readonly string[],
  limits: Limits,
): Promise<Result[]> {
  const problem = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await init({ engine: "cpu" });
    await writeProblem(problem);
    const specs = names.map((name) => ({
      name,
      ...SPECS[name]!,
      command: () => command(name, problem),
    }));
    return await race(specs, limits);
  } finally {
    await Deno.remove(problem);
  }
}
