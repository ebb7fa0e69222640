/**
 * Benchmarks neighbours of 100,000 points in 3-D against SciPy's cKDTree, both on one core:
 * `deno run -A benchmarks/neighbors.ts [--points 100000] [--rounds 7] [--runs 3]`
 *
 * The edges are compared first. Then both take turns, so that a machine that slows down slows both,
 * and speeds are compared round by round. Where there is `taskset`, both are held on the same core.
 */
import { random } from "@meshwork/meshwork";
import { parseArgs } from "node:util";
import { baselinePython } from "./baselines/environment.ts";
import { duel, type Limits } from "./duel.ts";
import { machine, spread, table } from "./report.ts";

/** What is looked for. */
export interface NeighborCase {
  readonly title: string;
  readonly radius: number;
  /** The number of nearest neighbours; null for all within the radius. */
  readonly k: number | null;
  readonly box: number | null;
}

/** Neighbours within the radius, on average. */
const NEIGHBORS = 20;

function casesOf(points: number): NeighborCase[] {
  const radius = Math.cbrt(NEIGHBORS / (points * 4 / 3 * Math.PI));
  return [
    { title: "radius", radius, k: null, box: null },
    { title: "radius, periodic box", radius, k: null, box: 1 },
    { title: `${NEIGHBORS} nearest`, radius, k: NEIGHBORS, box: null },
  ];
}

const local = (path: string): string => new URL(path, import.meta.url).pathname;

/** The words before a command that hold it on one core; none where they cannot. */
async function onOneCore(): Promise<string[]> {
  const taskset = ["taskset", "-c", "0"];
  const { success } = await new Deno.Command("taskset", { args: ["-c", "0", "true"] }).output()
    .catch(() => ({ success: false }));
  return success ? taskset : [];
}

/** A row of the table. */
async function compare(
  folder: string,
  settings: NeighborCase,
  limits: Limits,
): Promise<string[]> {
  const core = await onOneCore();
  const python = await baselinePython("requirements_spatial.txt");
  const { edges, turns: [theirs, ours] } = await duel(
    [
      ["SciPy", [...core, python, local("baselines/neighbors_scipy.py")]],
      ["ours", [...core, Deno.execPath(), "run", "-A", local("neighbors_contender.ts")]],
    ],
    settings,
    folder,
    limits,
  );
  return [
    settings.title,
    String(edges),
    spread(theirs.map(({ cpuMs }) => cpuMs), 0),
    spread(ours.map(({ cpuMs }) => cpuMs), 0),
    spread(theirs.map(({ cpuMs }, round) => cpuMs / ours[round]!.cpuMs), 2),
  ];
}

if (import.meta.main) {
  const { values: flags } = parseArgs({
    options: {
      points: { type: "string", default: "100000" },
      rounds: { type: "string", default: "7" },
      runs: { type: "string", default: "3" },
    },
  });
  const count = Number(flags.points);
  const folder = await Deno.makeTempDir();
  try {
    const points = random.uniform(random.key(0), [count, 3]).dataSync() as Float32Array;
    await Deno.writeFile(`${folder}/points`, new Uint8Array(points.slice().buffer));
    const limits = { rounds: Number(flags.rounds), runs: Number(flags.runs) };
    const rows: string[][] = [];
    for (const settings of casesOf(count)) rows.push(await compare(folder, settings, limits));
    console.log(machine([`${count} points in 3-D, uniform; CPU time of a graph, tree included`]));
    console.log(table(["", "edges", "SciPy, ms", "ours, ms", "speed, SciPy = 1"], rows));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
