/** Items on their way from a data set to a training loop: split, shuffled, read ahead. @module */
import { randomStream } from "./random_stream.ts";

/** Items that come one after another. */
export type Items<T> = AsyncIterable<T> | Iterable<T>;

/**
 * Items in another order, through a buffer: each item that comes takes the place of one drawn from
 * the buffer, as in TensorFlow's `Dataset.shuffle`. A buffer as large as the data set shuffles all
 * of it; Learning to Simulate uses 512 windows, MeshGraphNets 10,000 frames.
 *
 * @param items The items; a buffer's worth of them is held in memory.
 * @param options The size of the buffer (512 by default) and the seed; the same seed gives the same
 * order.
 * @throws {RangeError} If the size or the seed is not a whole number, or the size is below 1.
 *
 * @example
 * ```ts
 * import { shuffle } from "@meshwork/meshwork/datasets";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const numbers = Array.from({ length: 20 }, (_, i) => i);
 * const order = await Array.fromAsync(shuffle(numbers, { size: 8, seed: 1 }));
 * assertNotEquals(order, numbers);
 * assertEquals(order.toSorted((a, b) => a - b), numbers);
 * ```
 */
export async function* shuffle<T>(
  items: Items<T>,
  { size = 512, seed }: { readonly size?: number; readonly seed: number },
): AsyncGenerator<T, void, void> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`Cannot shuffle as the buffer holds one item or more: got ${size}`);
  }
  const random = randomStream(seed);
  const buffer: T[] = [];
  for await (const item of items) {
    if (buffer.length < size) {
      buffer.push(item);
      continue;
    }
    const place = random.integer(size);
    const drawn = buffer[place]!;
    buffer[place] = item;
    yield drawn;
  }
  while (buffer.length > 0) {
    const place = random.integer(buffer.length);
    const drawn = buffer[place]!;
    buffer[place] = buffer.at(-1)!;
    buffer.pop();
    yield drawn;
  }
}

/**
 * Items asked for before they are needed, so that files are read and graphs are made while a device
 * computes. They come in their order; an error comes in its place. Where the loop ends early the
 * source is closed.
 *
 * @param items The items.
 * @param options How many are asked for ahead; 2 by default.
 * @throws {RangeError} If that is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { openLearningToSimulate, prefetch, sampleUrl, windows } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * let steps = 0;
 * for await (const { target } of prefetch(windows(springs, { stride: 10 }))) {
 *   steps += target.shape.length / 2; // await train(target) would leave time to read
 * }
 * assertEquals(steps % 10, 0);
 * ```
 */
export async function* prefetch<T>(
  items: Items<T>,
  { count = 2 }: { readonly count?: number } = {},
): AsyncGenerator<T, void, void> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot read ahead as one item or more is asked for: got ${count}`);
  }
  const source = Symbol.asyncIterator in items
    ? items[Symbol.asyncIterator]()
    : items[Symbol.iterator]();
  let last: Promise<unknown> = Promise.resolve();
  // One after another, as few sources can be asked twice at once.
  const pull = (): Promise<IteratorResult<T>> => {
    const next = last.then(() => source.next());
    // Its error is thrown where the item would come.
    last = next.catch(() => {});
    return next;
  };
  const coming = Array.from({ length: count }, pull);
  try {
    while (true) {
      const { done, value } = await coming.shift()!;
      if (done) return;
      coming.push(pull());
      yield value;
    }
  } finally {
    await last;
    await source.return?.();
  }
}

/** How a data set is cut: the share of each part, by its name. */
export type Fractions = Readonly<Record<string, number>>;

/**
 * Places of a data set's items, drawn at random for training, validation and test, or whatever the
 * parts are called.
 *
 * @param count How many items there are.
 * @param fractions The share of each part; together at most 1. Each has the share rounded down, but
 *   that of the last part of shares that make 1 is what is left.
 * @param seed The same seed gives the same parts.
 * @returns The places of each part, ascending; no place is in two of them.
 * @throws {RangeError} If the shares are negative or more than 1 together, or count or seed is
 * none.
 *
 * @example
 * ```ts
 * import { randomSplits } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = randomSplits(10, { train: 0.8, test: 0.2 }, 0);
 * assertEquals([train.length, test.length], [8, 2]);
 * ```
 */
export function randomSplits<F extends Fractions>(
  count: number,
  fractions: F,
  seed: number,
): { readonly [Part in keyof F]: number[] } {
  const shares = Object.entries(fractions);
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  const isShares = shares.every(([, share]) => share >= 0) && sum <= 1 + 1e-9;
  if (!Number.isSafeInteger(count) || count < 0 || !isShares) {
    throw new RangeError(
      `Cannot split ${count} items as the parts have shares from 0 to 1, together at most 1: got ` +
        shares.map(([part, share]) => `${part} ${share}`).join(", "),
    );
  }
  const random = randomStream(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  let begin = 0;
  const isAll = sum > 1 - 1e-9;
  const parts = shares.map(([part, share], i) => {
    const isLast = isAll && i === shares.length - 1;
    // A share like 0.7 of 10 is not to lose an item to rounding.
    const end = isLast ? count : Math.min(count, begin + Math.floor(share * count + 1e-9));
    const places = order.slice(begin, end).sort((a, b) => a - b);
    begin = end;
    return [part, places];
  });
  return Object.fromEntries(parts);
}
