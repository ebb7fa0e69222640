/**
 * Benchmarks reading a TFRecord data set to typed arrays (framing, both checksums, protobuf, fields
 * in their shapes), here and in TensorFlow: `deno run -A benchmarks/loading.ts`.
 *
 *     --rounds N      passes that each contender makes (7)
 *     --size N        megabytes of the file (200)
 *     --only A,B      of ours, tensorflow, tensorflow-8 (eight records at once, as in
 * MeshGraphNets' code)
 *     --memory N      megabytes of the file whose streaming is measured (2000; 0 for none)
 *
 * The file is the training split of the sample cylinder_flow_mini, again and again; it is in the
 * system's cache when it is read. The sums of the first record's fields must agree. Contenders go
 * by turns, and speeds are compared round by round.
 */
import { sampleUrl } from "@meshwork/meshwork/datasets";
import { parseArgs } from "node:util";
import { baselinePython } from "./baselines/environment.ts";
import { Contender, type Turn } from "./process.ts";

const TITLES: Readonly<Record<string, string>> = {
  ours: "meshwork",
  tensorflow: "tensorflow",
  "tensorflow-8": "tensorflow, 8 at once",
};

const local = (path: string): string => new URL(path, import.meta.url).pathname;

/** Writes a data set of about so many megabytes; gives its bytes. */
async function writeData(folder: string, megabytes: number): Promise<number> {
  await Deno.mkdir(folder);
  await Deno.copyFile(sampleUrl("cylinder_flow_mini", "meta.json"), `${folder}/meta.json`);
  const record = await Deno.readFile(sampleUrl("cylinder_flow_mini", "train.tfrecord"));
  using file = await Deno.open(`${folder}/train.tfrecord`, { write: true, create: true });
  let size = 0;
  for (; size < megabytes * 1e6; size += record.length) {
    for (let done = 0; done < record.length;) done += await file.write(record.subarray(done));
  }
  return size;
}

async function start(name: string, folder: string): Promise<Contender> {
  if (name === "ours") {
    return new Contender(name, [Deno.execPath(), "run", "-A", local("load_contender.ts"), folder]);
  }
  const python = await baselinePython("requirements_loading.txt");
  const calls = name === "tensorflow-8" ? "8" : "0";
  return new Contender(name, [python, local("baselines/load_tensorflow.py"), folder, calls]);
}

/** Refuses contenders that read other numbers. */
async function compare(contenders: readonly Contender[]): Promise<void> {
  const [first, ...others] = await Promise.all(contenders.map((each) => each.ask("sums")));
  for (const [i, sums] of others.entries()) {
    const wrong = sums.findIndex((sum, field) =>
      !(Math.abs(sum - first![field]!) <= 1e-9 * Math.max(1, Math.abs(sum)))
    );
    if (wrong < 0 && sums.length === first!.length) continue;
    throw new Error(
      `Cannot compare ${contenders[0]!.name} and ${
        contenders[i + 1]!.name
      } as they read other numbers: ` +
        `field ${wrong} sums to ${first![wrong]} and ${sums[wrong]}`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

async function benchmark(names: readonly string[], folder: string, size: number, rounds: number) {
  const contenders: Contender[] = [];
  for (const name of names) contenders.push(await start(name, folder));
  await compare(contenders);
  const versions = await Promise.all(contenders.map((each) => each.ask("first")));
  const turns: Turn[][] = contenders.map(() => []);
  // The first pass warms up.
  for (let round = -1; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const turn = await contender.ask("run");
      if (round >= 0) turns[i]!.push(turn);
    }
  }
  for (const contender of contenders) contender[Symbol.dispose]();
  console.log(
    `${(size / 1e6).toFixed(0)} MB; ${versions.map(({ version }) => version).join(", ")}`,
  );
  for (const [i, name] of names.entries()) {
    const speeds = turns[i]!.map(({ ms }) => size / 1e3 / ms);
    const ratios = turns[i]!.map(({ ms }, round) => turns[0]![round]!.ms / ms);
    console.log(
      `${TITLES[name]!.padEnd(22)} ${median(speeds).toFixed(0)} MB/s ` +
        `(${Math.min(...speeds).toFixed(0)}..${Math.max(...speeds).toFixed(0)}), ` +
        `${
          (size / 1e3 / median(turns[i]!.map(({ cpuMs }) => cpuMs))).toFixed(0)
        } MB a second of all ` +
        `cores, speed ${median(ratios).toFixed(2)} of ${TITLES[names[0]!]}'s`,
    );
  }
}

/** Streams a large file in a process of its own, and tells the most memory it had. */
async function measureMemory(folder: string, megabytes: number): Promise<void> {
  const size = await writeData(folder, megabytes);
  using contender = await start("ours", folder);
  const { ms, peak } = await contender.ask("run") as Turn & { peak: number };
  console.log(
    `streaming ${(size / 1e6).toFixed(0)} MB: ${
      (peak / 1e6).toFixed(0)
    } MB of memory at most, Deno and ` +
      `the library included, ${(size / 1e3 / ms).toFixed(0)} MB/s`,
  );
}

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "7" },
    size: { type: "string", default: "200" },
    only: { type: "string", default: Object.keys(TITLES).join() },
    memory: { type: "string", default: "2000" },
  },
});
const names = values.only.split(",");
const unknown = names.find((name) => !Object.hasOwn(TITLES, name));
if (unknown !== undefined) {
  throw new RangeError(
    `Cannot benchmark ${unknown} as contenders are ${Object.keys(TITLES).join(", ")}`,
  );
}
const folder = await Deno.makeTempDir();
try {
  const size = await writeData(`${folder}/speed`, Number(values.size));
  await benchmark(names, `${folder}/speed`, size, Number(values.rounds));
  if (Number(values.memory) > 0) await measureMemory(`${folder}/memory`, Number(values.memory));
} finally {
  await Deno.remove(folder, { recursive: true });
}
