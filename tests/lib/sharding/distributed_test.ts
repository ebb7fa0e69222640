import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { distributed, loadCheckpoint } from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { mpiTest, runProcesses, runProcessesBy } from "../../support/processes.ts";

const script = (name: string): URL => new URL(`processes/${name}.ts`, import.meta.url);

/** The same values from a loop in this process. */
function expectedOf(rank: number, processes: number, devices: number): unknown {
  const all = Array.from({ length: processes * devices }, (_, r) => [r, 10 - r]);
  const mine = all.slice(rank * devices, (rank + 1) * devices);
  const column = (rows: number[][], f: (...values: number[]) => number): number[] =>
    [0, 1].map((k) => f(...rows.map((row) => row[k]!)));
  const add = (...values: number[]): number => values.reduce((a, b) => a + b, 0);
  const sum = column(all, add);
  const squares = column(all.map((row) => row.map((v) => v * v)), add);
  const each = (value: unknown): unknown[] => mine.map(() => value);
  const peers = (i: number): number[][] => all.filter((_, r) => r % devices === i);
  return {
    ...{ rank, size: processes },
    one: {
      sum: each(sum),
      mean: each(sum.map((v) => v / all.length)),
      max: each(column(all, Math.max)),
      min: each(column(all, Math.min)),
      gathered: each(all),
      index: mine.map((_, i) => rank * devices + i),
      twice: each(sum.map((v) => v * v)),
      whole: each(sum.map((v) => v + all.length * 2 ** 24)),
      // d/dx of replicas' losses, each (Σ x²)²: as many times 2 (Σ x²) 2x.
      slope: mine.map((row) => row.map((v, k) => all.length * 4 * squares[k]! * v)),
    },
    grid: {
      rows: [mine.map((_, i) => column(peers(i), add))],
      columns: [each(column(mine, add))],
      both: [each(sum)],
      index: [mine.map((_, i) => [rank, i, rank * devices + i])],
    },
    drawn: { w: [1.5], n: 1 },
  };
}

for (const [processes, devices] of [[2, 1], [2, 2], [4, 1]] as const) {
  mpiTest(
    `collectives go through ${processes} processes with ${devices} device(s) each`,
    async () => {
      const { code, text, reports } = await runProcesses(
        processes,
        script("collectives"),
        String(devices),
      );
      assertEquals(code, 0, text);
      reports.forEach((report, rank) => assertEquals(report, expectedOf(rank, processes, devices)));
    },
  );
}

mpiTest("a process that lost its connection to mpiexec takes it back, or says so", async () => {
  // Closes what Deno should inherit, as npx does.
  const starter = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)";
  const { code, text, reports } = await runProcessesBy(
    ["python3", "-c", starter],
    ...[2, script("collectives"), "1"] as const,
  );
  if (code === 0) {
    reports.forEach((report, rank) => assertEquals(report, expectedOf(rank, 2, 1)));
    return;
  }
  // Some systems let no process take what another one has.
  assertMatch(
    text,
    /has lost its connection to mpiexec: \S+python\S*, which started it, has closed/,
  );
  assertStringIncludes(text, "(mpiexec -pmi-port -n 2 npx -y deno run ..., or start deno itself)");
});

mpiTest("a training curve is the same in one process and in several", async () => {
  const curve = async (processes: number, devices: number): Promise<number[]> => {
    const { code, text, reports } = await runProcesses(
      processes,
      script("training"),
      String(devices),
    );
    assertEquals(code, 0, text);
    for (const other of reports) assertEquals(other, reports[0], "replicas drifted apart");
    return reports[0] as number[];
  };
  const alone = await curve(1, 1);
  assert(alone.at(-1)! < 0.8 * alone[0]!, `it learns nothing: ${alone}`);
  for (const [processes, devices] of [[2, 2], [4, 1]] as const) {
    const losses = await curve(processes, devices);
    assertAllClose(tf.tensor1d(losses), tf.tensor1d(alone), { rtol: 1e-4, atol: 1e-4 });
  }
});

mpiTest("processes that disagree on shapes are told both, and end", async () => {
  const { code, text, reports } = await runProcesses(2, script("trouble"), "shapes");
  assertNotEquals(code, 0);
  assertMatch(text, /Process [01] ends all 2:/);
  const told = reports.filter((message) => message !== null);
  assert(told.length > 0);
  for (const message of told) {
    assertMatch(
      message as string,
      /^Cannot go on together as all processes must make the same calls with the same shapes: process 0: .*add of f32 \[3\] over processes 0, 1; process 1: .*add of f32 \[4\] over processes 0, 1 \(pad shards to one shape/,
    );
  }
});

mpiTest("broadcast() tells trees that differ", async () => {
  const { code, text } = await runProcesses(2, script("trouble"), "trees");
  assertNotEquals(code, 0);
  assertStringIncludes(
    text,
    "process 0: broadcast from process 0: float32 [2]; process 1: broadcast from process 0: " +
      "float32 [2, 2]",
  );
});

for (const kind of ["throws", "rejects"]) {
  mpiTest(`a process that ${kind} ends all, with its error`, async () => {
    const { code, text } = await runProcesses(2, script("trouble"), kind);
    assertNotEquals(code, 0);
    assertStringIncludes(text, "Process 1 ends all 2:");
    assertStringIncludes(text, "RangeError: shard 1 is bad");
  });
}

mpiTest("a process that exits with a code ends all, with this code", async () => {
  const { code } = await runProcesses(2, script("trouble"), "exits");
  assertEquals(code, 7);
});

mpiTest("a process that makes a call less than another ends all", async () => {
  const { code, text } = await runProcesses(2, script("trouble"), "skips");
  assertNotEquals(code, 0);
  assertMatch(text, /process 0: .*f32 \[4\].*; process 1: nothing more, its program has ended/);
});

mpiTest("a process that is killed ends all, and mpiexec says so", async () => {
  const { code, text } = await runProcesses(2, script("trouble"), "killed");
  assertNotEquals(code, 0);
  assertMatch(text, /BAD TERMINATION[\s\S]*EXIT CODE: 9/);
});

mpiTest("a collective over processes inside a loop names the way round", async () => {
  const { code, text, reports } = await runProcesses(2, script("trouble"), "loop");
  assertEquals(code, 0, text);
  for (const message of reports) {
    assertStringIncludes(message as string, "Cannot run a collective over processes inside scan");
  }
});

mpiTest("a checkpoint is whole after a process died, and all go on from it", async () => {
  const path = `${await Deno.makeTempDir()}/model.safetensors`;
  const died = await runProcesses(2, script("trouble"), "saving", path);
  assertNotEquals(died.code, 0);
  const { tree, metadata } = await loadCheckpoint<{ w: tf.Tensor }>(path);
  const value = 2 * (metadata.step as number);
  assert(value >= 6, `the last step was ${metadata.step}`);
  assertEquals([tf.min(tree.w).dataSync()[0], tf.max(tree.w).dataSync()[0]], [value, value]);
  const { code, text, reports } = await runProcesses(2, script("trouble"), "resuming", path);
  assertEquals(code, 0, text);
  assertEquals(reports, [[value, value], [value, value]]);
});

Deno.test("without an MPI library there is one line that says how to get it", async () => {
  const code = `import { distributed } from "@meshwork/meshwork"; await distributed.init();`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    cwd: new URL("../../..", import.meta.url),
    env: { MESHWORK_MPI_LIB: "/nowhere/libmpi_abi.so.1", NO_COLOR: "1" },
  }).output();
  assert(!success);
  assertMatch(
    new TextDecoder().decode(stderr),
    /EngineError: Cannot join processes as no MPI library could be loaded: .*\/nowhere\/libmpi_abi\.so\.1.* \(`pip install mpich`, and start the processes with its mpiexec; another one with the standard ABI is named in MESHWORK_MPI_LIB\)/,
  );
});

Deno.test("a process alone is all of them", () => {
  assertEquals([distributed.rank(), distributed.size()], [0, 1]);
  distributed.barrier();
  assertEquals(distributed.broadcast({ x: tf.tensor1d([1, 2]) }).x.arraySync(), [1, 2]);
});
