/**
 * Measures what docs/scaling.md states as formulas: memory of each device, as its compiler tells,
 * and bytes that the processes add up in a step, as they are counted.
 *
 *     deno task bench:scaling
 */
import { init } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";
import { type Communicator, registerCommunicator } from "../lib/engine/mod.ts";
import { setPass } from "../lib/xla/mod.ts";
import { table } from "./report.ts";
import { shardedStep } from "./sharded_step.ts";

/** The first process of several, which counts what it would send, and hears of zeros. */
class Counter implements Communicator {
  readonly rank = 0;
  bytes = 0;

  constructor(readonly size: number) {}

  allReduce(values: Float32Array | Int32Array): void {
    this.bytes += values.byteLength;
  }

  agree(): void {}
}

const CLASSES = 4;
const mega = (bytes: number): string => (bytes / 1e6).toFixed(2);

interface Case {
  readonly N: number;
  readonly E: number;
  readonly F: number;
  readonly D: number;
  readonly P: number;
}

/** What one process of P has and sends, measured and by formula. */
async function measure({ N, E, F, D, P }: Case): Promise<string[]> {
  const counter = new Counter(P);
  registerCommunicator(P > 1 ? counter : null);
  const sizes = { nodes: N, devices: D, features: F, classes: CLASSES };
  const { step, params } = shardedStep(sizes);
  const memory = (edges: number, blocks: boolean): number => {
    setPass("sumByBlocks", blocks);
    const { step } = shardedStep(sizes); // what was traced before has the passes of before
    const ids = tf.zeros([D, edges], "int32");
    const { argumentBytes, tempBytes } = step.lower(params, ids, ids).cost().memory!;
    setPass("sumByBlocks", true);
    return argumentBytes + tempBytes;
  };
  const own = E / (P * D);
  const nodeBytes = memory(1, true);
  const ids = tf.zeros([D, 1], "int32");
  await step(params, ids, ids).value.data();
  registerCommunicator(null);
  const parameters = F * F + F + F * CLASSES + CLASSES;
  const sent = P > 1 ? 4 * N * (2 + 2 * (F + CLASSES)) + 4 * parameters : 0;
  return [
    ...[N, E, F, D, P].map(String),
    mega(own * 8),
    mega(memory(own, true) - nodeBytes),
    mega(memory(own, false) - nodeBytes),
    mega(own * (8 + 4 * F)),
    (nodeBytes / (4 * N * F)).toFixed(1),
    mega(counter.bytes),
    mega(sent),
  ];
}

await init({ engine: "xla", devices: 4 });
const usual = { N: 20_000, E: 2_000_000, F: 16, D: 1, P: 1 };
const cases: Case[] = [
  usual,
  { ...usual, D: 2 },
  { ...usual, D: 4 },
  { ...usual, F: 64 },
  { ...usual, N: 80_000 },
  { ...usual, E: 8_000_000, D: 4 },
  { ...usual, P: 2 },
  { ...usual, P: 2, D: 2 },
  { ...usual, P: 4, F: 64 },
  { ...usual, P: 4, N: 80_000 },
];
const rows: string[][] = [];
for (const one of cases) rows.push(await measure(one));
const head = [
  "N",
  "E",
  "F",
  "D",
  "P",
  "ids, MB",
  "in blocks, MB",
  "at once, MB",
  "formula",
  "nodes, /4NF",
  "sums, MB",
  "formula",
];
console.log(table(head, rows));
