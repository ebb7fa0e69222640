import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { median } from "../../benchmarks/quantile.ts";
import { train, writeGraph } from "../../examples/massive_graph.ts";
import { setPass } from "../../lib/xla/mod.ts";
import { devicesTest } from "../support/engines.ts";
import { longMpiTest, mpiexec, mpiTest } from "../support/processes.ts";

const SCRIPT = new URL("../../examples/massive_graph.ts", import.meta.url).pathname;

/** What one process printed: a row of the table. */
interface Row {
  readonly process: number;
  readonly edgeMegabytes: number;
  readonly grownMegabytes: number;
  readonly losses: readonly number[];
}

/** Runs the script under `mpiexec`; gives the rows by process. */
async function run(
  folder: string,
  processes: number,
  devices: number,
  ...options: string[]
): Promise<Row[]> {
  const script = [Deno.execPath(), "run", "-A", "--v8-flags=--expose-gc", SCRIPT];
  const given = ["--folder", folder, "--devices", String(devices), ...options];
  const { code, stdout, stderr } = await new Deno.Command(mpiexec!, {
    args: ["-n", String(processes), ...script, ...given],
    // Memory that is freed goes back to the system in one process as it does in several.
    env: { NO_COLOR: "1", MALLOC_MMAP_THRESHOLD_: "4194304" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter((line) => / of /.test(line))
    .map((line) => {
      const [process, , , , edges, grown, losses] = line.trim().split(/\s+/);
      return {
        process: Number(process),
        edgeMegabytes: Number(edges),
        grownMegabytes: Number(grown),
        losses: losses!.split(",").map(Number),
      };
    })
    .toSorted((a, b) => a.process - b.process);
}

function assertSameLosses(losses: readonly number[], expected: readonly number[]): void {
  assertEquals(losses.length, expected.length);
  losses.forEach((loss, i) => assertAlmostEquals(loss, expected[i]!, 1e-4));
}

devicesTest(
  4,
  "each of 4 devices holds a quarter of the edges, and the losses are the same",
  async () => {
    const folder = await Deno.makeTempDir();
    await writeGraph(folder, 500, 100_001); // not a multiple of the devices
    const results = [];
    // In blocks what is sent would be in memory for some thousand edges at a time.
    setPass("sumByBlocks", false);
    for (const devices of [1, 2, 4]) results.push(await train(folder, { nodes: 500, devices }));
    setPass("sumByBlocks", true);
    const [one, two, four] = results.map(({ edgeBytes }) => edgeBytes);
    for (const { losses } of results) assertSameLosses(losses, results[0]!.losses);
    assert(results[0]!.losses[4]! < 0.7 * results[0]!.losses[0]!, "it learns nothing");
    // Senders, receivers, and what is sent: 16 features.
    assertAlmostEquals(one!, 100_001 * 4 * 18, 0.15 * one!);
    assertAlmostEquals(two!, one! / 2, 0.15 * one! / 2);
    assertAlmostEquals(four!, one! / 4, 0.15 * one! / 4);
    await Deno.remove(folder, { recursive: true });
  },
);

mpiTest("two processes with two devices each have the losses of one", async () => {
  const folder = await Deno.makeTempDir();
  const small = ["--nodes", "500", "--edges", "20001"];
  const [alone] = await run(folder, 1, 1, ...small);
  const rows = await run(folder, 2, 2, ...small);
  assertEquals(rows.map(({ process }) => process), [0, 1]);
  for (const { losses, edgeMegabytes } of rows) {
    assertSameLosses(losses, alone!.losses);
    assertAlmostEquals(
      edgeMegabytes,
      alone!.edgeMegabytes / 4,
      0.15 * alone!.edgeMegabytes / 4 + 0.1,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

longMpiTest(
  "each of two processes grows by half of what one grows with 10 million edges",
  async () => {
    const folder = await Deno.makeTempDir();
    await writeGraph(`${folder}/200000_10000000`, 200_000, 10_000_000); // takes memory, too
    const [alone, pairs]: [Row[], Row[]] = [[], []];
    for (let i = 0; i < 3; i++) {
      alone.push(...await run(folder, 1, 1));
      pairs.push(...await run(folder, 2, 1));
    }
    for (const { losses, edgeMegabytes } of pairs) {
      assertSameLosses(losses, alone[0]!.losses);
      assertAlmostEquals(edgeMegabytes, alone[0]!.edgeMegabytes / 2, 0.15 * edgeMegabytes);
    }
    // What the system gives a process varies by a tenth from run to run.
    const grown = (rows: readonly Row[]): number =>
      median(rows.map(({ grownMegabytes }) => grownMegabytes));
    assertAlmostEquals(grown(pairs), grown(alone) / 2, 0.25 * grown(alone) / 2);
    await Deno.remove(folder, { recursive: true });
  },
);
