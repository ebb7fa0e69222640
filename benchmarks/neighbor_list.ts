/**
 * Benchmarks `neighborList` inside a compiled run of moving points against JAX, M.D.'s, on JAX:
 * `deno run -A benchmarks/neighbor_list.ts [--points 1000] [--rounds 7] [--runs 2]`
 *
 * The lists are made anew in each step, in a periodic box. After the last step both must hold the
 * same edges; then they take turns.
 */
import { random } from "@meshwork/meshwork";
import { parseArgs } from "node:util";
import { baselinePython } from "./baselines/environment.ts";
import { duel, type Start } from "./duel.ts";
import { machine, spread, table } from "./report.ts";

/** What is looked for. */
export interface ListCase {
  readonly radius: number;
  readonly dim: number;
  /** Steps of a run. */
  readonly steps: number;
}

/** Neighbours of a point, on average. */
const NEIGHBORS: Readonly<Record<number, number>> = { 2: 10, 3: 20 };

function caseOf(points: number, dim: 2 | 3): ListCase {
  const density = NEIGHBORS[dim]! / points;
  const radius = dim === 2 ? Math.sqrt(density / Math.PI) : Math.cbrt(density * 3 / 4 / Math.PI);
  return { radius, dim, steps: 50 };
}

const local = (path: string): string => new URL(path, import.meta.url).pathname;

/** Writes positions, and what they move by in a step: a fiftieth of the radius at most. */
async function writePoints(path: string, count: number, { dim, radius }: ListCase): Promise<void> {
  const shape = [count, dim];
  const positions = random.uniform(random.key(0), shape).dataSync();
  const moves = random.uniform(random.key(1), shape).dataSync().map((x) => (x - 0.5) * radius / 25);
  const both = Float32Array.from([...positions, ...moves]);
  await Deno.writeFile(path, new Uint8Array(both.buffer));
}

if (import.meta.main) {
  const { values: flags } = parseArgs({
    options: {
      points: { type: "string", default: "1000" },
      rounds: { type: "string", default: "7" },
      runs: { type: "string", default: "2" },
    },
  });
  const python = await baselinePython("requirements_jax_md.txt");
  const starts: [Start, Start] = [
    ["jax-md", [python, local("baselines/neighbor_list_jax_md.py")]],
    ["ours", [Deno.execPath(), "run", "-A", local("neighbor_list_contender.ts")]],
  ];
  const folder = await Deno.makeTempDir();
  try {
    const rows: string[][] = [];
    for (const dim of [2, 3] as const) {
      const settings = caseOf(Number(flags.points), dim);
      await writePoints(`${folder}/points`, Number(flags.points), settings);
      const limits = { rounds: Number(flags.rounds), runs: Number(flags.runs) };
      const { edges, turns: [theirs, ours] } = await duel(starts, settings, folder, limits);
      const ratios = (of: "ms" | "cpuMs"): string =>
        spread(theirs.map((turn, round) => turn[of] / ours[round]![of]), 2);
      rows.push([
        `${dim}-D`,
        String(edges),
        spread(theirs.map(({ cpuMs }) => cpuMs), 2),
        spread(ours.map(({ cpuMs }) => cpuMs), 2),
        ratios("cpuMs"),
        ratios("ms"),
      ]);
    }
    console.log(machine([`${flags.points} points; CPU time of a step`]));
    const speeds = ["speed, jax-md = 1", "by the clock"];
    console.log(table(["", "edges", "jax-md, ms", "ours, ms", ...speeds], rows));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
