import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../datasets/random_stream.ts";

const draw = (n: number, next: () => number): number[] => Array.from({ length: n }, next);
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

Deno.test("randomStream() is the same for the same seed, and another for another", () => {
  const [a, b, c] = [randomStream(1), randomStream(1), randomStream(2)].map((stream) =>
    draw(5, () => stream.uniform())
  );
  assertEquals(a, b);
  assert(a!.every((value, i) => value !== c![i]));
});

Deno.test("randomStream() draws uniform, whole and normal numbers with the right moments", () => {
  const stream = randomStream(0);
  const uniform = draw(20_000, () => stream.uniform(-1, 3));
  assert(uniform.every((x) => x >= -1 && x < 3));
  assertAlmostEquals(mean(uniform), 1, 0.03);
  assertAlmostEquals(mean(uniform.map((x) => (x - 1) ** 2)), 16 / 12, 0.03);
  const normal = draw(20_000, stream.normal);
  assertAlmostEquals(mean(normal), 0, 0.03);
  assertAlmostEquals(mean(normal.map((x) => x ** 2)), 1, 0.03);
  assertAlmostEquals(mean(normal.map((x) => x ** 4)), 3, 0.2);
  const counts = [0, 0, 0];
  for (const k of draw(30_000, () => stream.integer(3))) counts[k]!++;
  for (const count of counts) assertAlmostEquals(count / 10_000, 1, 0.03);
});

Deno.test("randomStream() rejects a seed that is not whole", () => {
  assertThrows(
    () => randomStream(0.5),
    RangeError,
    "Cannot draw random numbers as the seed must be a whole number: got 0.5",
  );
});
