import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dynamicallyBatch, getFullyConnectedGraph, init } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";
import {
  openLearningToSimulate,
  prefetch,
  randomSplits,
  sampleUrl,
  shuffle,
  windows,
} from "../../datasets/mod.ts";
import { collect } from "./support.ts";

const NUMBERS = Array.from({ length: 100 }, (_, i) => i);

/** Numbers that tell when they are asked for, and whether the source was closed. */
function watched(count: number) {
  const seen = { asked: 0, isClosed: false };
  async function* items() {
    try {
      for (let i = 0; i < count; i++) {
        seen.asked++;
        yield await Promise.resolve(i);
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { items: items(), seen };
}

Deno.test("shuffle() gives each item once, in an order that the seed fixes", async () => {
  const orders = await Promise.all(
    [1, 1, 2].map((seed) => collect(shuffle(NUMBERS, { size: 10, seed }))),
  );
  for (const order of orders) assertEquals(order.toSorted((a, b) => a - b), NUMBERS);
  assertEquals(orders[0], orders[1]);
  assert(orders[0]!.join() !== orders[2]!.join());
});

Deno.test("shuffle() lets no item come before it was in the buffer", async () => {
  const order = await collect(shuffle(NUMBERS, { size: 10, seed: 3 }));
  // Item i is in the buffer from position i - 9 on.
  order.forEach((item, position) => assert(item <= position + 10));
  assertEquals(await collect(shuffle(NUMBERS, { size: 1, seed: 3 })), NUMBERS);
});

Deno.test("shuffle() through a large buffer gives all orders alike", async () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = (await collect(shuffle([0, 1, 2], { size: 5, seed }))).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // 1,000 are expected of each; the standard deviation is 29.
  for (const count of counts.values()) assert(Math.abs(count - 1000) < 150, `${count}`);
});

Deno.test("shuffle() and prefetch() close their source where the loop ends early", async () => {
  for (
    const pass of [
      (items: AsyncIterable<number>) => shuffle(items, { size: 3, seed: 0 }),
      prefetch<number>,
    ]
  ) {
    const { items, seen } = watched(50);
    for await (const _ of pass(items)) break;
    assert(seen.isClosed && seen.asked < 8, JSON.stringify(seen));
  }
});

Deno.test("prefetch() asks for items ahead, gives them in order, and no more", async () => {
  const { items, seen } = watched(20);
  const ahead: number[] = [];
  const found: number[] = [];
  for await (const item of prefetch(items, { count: 3 })) {
    found.push(item);
    // The device computes.
    await new Promise((resolve) => setTimeout(resolve, 1));
    ahead.push(seen.asked - found.length);
  }
  assertEquals(found, NUMBERS.slice(0, 20));
  assertEquals(ahead.slice(0, 17), Array(17).fill(3));
  assertEquals(await collect(prefetch([1, 2, 3], { count: 9 })), [1, 2, 3]);
  assertEquals(await collect(prefetch([])), []);
});

Deno.test("prefetch() throws an error in its place", async () => {
  async function* failing() {
    yield 1;
    yield await Promise.resolve(2);
    throw new Error("the third is damaged");
  }
  const found: number[] = [];
  const read = async () => {
    for await (const item of prefetch(failing(), { count: 5 })) found.push(item);
  };
  await assertRejects(read, Error, "the third is damaged");
  assertEquals(found, [1, 2]);
});

Deno.test("randomSplits() parts all places, by the seed", () => {
  const splits = randomSplits(101, { train: 0.7, valid: 0.1, test: 0.2 }, 5);
  assertEquals([splits.train.length, splits.valid.length, splits.test.length], [70, 10, 21]);
  const all = [...splits.train, ...splits.valid, ...splits.test];
  assertEquals(all.toSorted((a, b) => a - b), Array.from({ length: 101 }, (_, i) => i));
  assertEquals(randomSplits(101, { train: 0.7, valid: 0.1, test: 0.2 }, 5), splits);
  assert(randomSplits(101, { train: 0.7 }, 6).train.join() !== splits.train.join());
  assertEquals(randomSplits(10, { few: 0.25 }, 0).few.length, 2);
  assertEquals(randomSplits(0, { train: 1 }, 0).train, []);
});

Deno.test("sizes, counts and shares that make no sense are refused", async () => {
  for (const size of [0, 1.5, NaN]) {
    await assertRejects(
      () => collect(shuffle(NUMBERS, { size, seed: 0 })),
      RangeError,
      `got ${size}`,
    );
    await assertRejects(
      () => collect(prefetch(NUMBERS, { count: size })),
      RangeError,
      `got ${size}`,
    );
  }
  await assertRejects(() => collect(shuffle(NUMBERS, { seed: 0.5 })), RangeError, "got 0.5");
  assertThrows(() => randomSplits(5, { a: 0.7, b: 0.6 }, 0), RangeError, "got a 0.7, b 0.6");
  assertThrows(() => randomSplits(5, { a: -0.1 }, 0), RangeError, "got a -0.1");
  assertThrows(() => randomSplits(-1, { a: 0.1 }, 0), RangeError, "Cannot split -1 items");
});

Deno.test("windows become batches to a budget of nodes and edges, read ahead", async () => {
  await init({ engine: "cpu" });
  const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
  async function* graphs() {
    for await (const { positions } of shuffle(windows(springs, { stride: 9 }), { seed: 0 })) {
      const [count] = positions.shape as [number];
      const nodes = tf.tensor(positions.data, [count, 12]);
      yield getFullyConnectedGraph(count, 1, nodes, null, false);
    }
  }
  let total = 0;
  for await (const padded of prefetch(dynamicallyBatch(graphs(), 64, 1024, 8))) {
    assertEquals(padded.nodes!.shape, [64, 12]);
    assertEquals([padded.senders!.shape, padded.nNode.shape], [[1024], [8]]);
    total++;
  }
  assert(total > 2, `${total}`);
});
