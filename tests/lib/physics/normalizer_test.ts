import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { normalizer } from "../../../lib/physics/normalizer.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

forEachEngine("normalizer() counts rows, calls, sums and squares", () => {
  const { init, accumulate } = normalizer();
  let state = accumulate(init(2), tf.tensor2d([[1, 10], [2, 20], [3, 30]]));
  state = accumulate(state, tf.tensor2d([[4, -40]]));
  assertEquals(numbers(state.count), [4]);
  assertEquals(numbers(state.numAccumulations), [2]);
  assertEquals(numbers(state.shift), [2, 20]);
  assertEquals(numbers(state.sum), [2, -60]);
  assertEquals(numbers(state.sumSquared), [2 + 4, 200 + 3600]);
});

forEachEngine("normalizer() scales to mean 0 and deviation 1, and back", () => {
  const { init, accumulate, normalize, inverse } = normalizer();
  const rows = tf.tensor2d([[1, -3], [2, 5], [6, 4]]);
  const state = accumulate(init(2), rows);
  const [mean, std] = [3, Math.sqrt(41 / 3 - 9)];
  const scaled = numbers(normalize(state, rows));
  [1, 2, 6].forEach((x, i) => assertAlmostEquals(scaled[2 * i]!, (x - mean) / std, 1e-6));
  numbers(inverse(state, normalize(state, rows))).forEach((x, i) =>
    assertAlmostEquals(x, rows.dataSync()[i]!, 1e-5)
  );
});

forEachEngine("normalizer() stays finite where rounding makes the variance negative", () => {
  const { init, normalize } = normalizer();
  // E[y²] = 1 - 2^-24 by a rounding, and E[y]² = 1.
  const [sum, sumSquared] = [tf.tensor1d([4]), tf.tensor1d([4 - 2 ** -22])];
  const state = { ...init(1), count: tf.scalar(4), sum, sumSquared };
  assertEquals(numbers(normalize(state, tf.tensor2d([[1]]))), [0]);
});

forEachEngine("normalizer() keeps the deviation of what is large beside it", () => {
  const { init, accumulate, normalize, inverse } = normalizer();
  // Pressures: 500 calls of 101325 Pa ± 10 Pa; E[x²] - E[x]² in float32 would be noise.
  let state = init(1);
  const rows = tf.tensor2d([[101315], [101335], [101315], [101335]]);
  for (let i = 0; i < 500; i++) state = accumulate(state, rows);
  const scaled = normalize(state, rows);
  numbers(scaled).forEach((x, i) => assertAlmostEquals(x, i % 2 === 0 ? -1 : 1, 1e-5));
  assertEquals(numbers(inverse(state, scaled)), [101315, 101335, 101315, 101335]);
});

forEachEngine("normalizer() shifts by the first rows that the mask leaves", () => {
  const { init, accumulate, normalize } = normalizer();
  const rows = tf.tensor2d([[5], [7]]);
  const none = accumulate(init(1), rows, tf.zeros([2]));
  assertEquals([...numbers(none.count), ...numbers(none.shift)], [0, 0]);
  const state = accumulate(none, rows);
  assertEquals(numbers(state.shift), [6]);
  assertEquals(numbers(normalize(state, rows)), [-1, 1]);
});

forEachEngine("normalizer() maps a feature that never changes to 0", () => {
  const { init, accumulate, normalize } = normalizer();
  const rows = tf.tensor2d([[0, 1], [0, 1]]);
  assertEquals(numbers(normalize(accumulate(init(2), rows), rows)), [0, 0, 0, 0]);
});

forEachEngine("normalizer() divides by no less than minStd, and by it before it saw rows", () => {
  const { init, accumulate, normalize } = normalizer({ minStd: 0.5 });
  const state = accumulate(init(1), tf.tensor2d([[2], [2]]));
  assertEquals(numbers(normalize(state, tf.tensor2d([[3]]))), [2]);
  assertEquals(numbers(normalize(init(1), tf.tensor2d([[3]]))), [6]);
});

forEachEngine("normalizer() stops counting after maxAccumulations, even of NaN", () => {
  const { init, accumulate } = normalizer({ maxAccumulations: 2 });
  let state = init(1);
  for (const value of [1, 2, 4, NaN]) state = accumulate(state, tf.tensor2d([[value]]));
  assertEquals([...numbers(state.shift), ...numbers(state.sum)], [1, 1]);
  assertEquals(numbers(state.count), [2]);
  assertEquals(numbers(state.numAccumulations), [2]);
});

forEachEngine("normalizer() leaves out rows that the mask leaves out, whatever they hold", () => {
  const { init, accumulate } = normalizer();
  const rows = tf.tensor2d([[1], [NaN], [3]]);
  for (const mask of [tf.tensor1d([1, 0, 1]), tf.tensor1d([true, false, true], "bool")]) {
    const state = accumulate(init(1), rows, mask);
    assertEquals([state.count, state.shift, state.sum].flatMap(numbers), [2, 2, 0]);
  }
});

forEachEngine("normalizer() refuses rows and masks that do not fit", () => {
  const { init, accumulate, normalize, inverse } = normalizer();
  assertThrows(
    () => accumulate(init(2), tf.zeros([4, 3])),
    TypeError,
    "Cannot accumulate rows as the normalizer counts 2 features: expected float32 [N, 2], got " +
      "float32 [4, 3]",
  );
  assertThrows(() => normalize(init(2), tf.zeros([2])), TypeError, "Cannot normalize rows");
  assertThrows(() => inverse(init(1), tf.zeros([2, 1], "int32")), TypeError, "got int32 [2, 1]");
  assertThrows(
    () => accumulate(init(1), tf.zeros([4, 1]), tf.zeros([4, 1])),
    TypeError,
    "as the mask has a value a row: expected [4], got float32 [4, 1]",
  );
});

Deno.test("normalizer() refuses options that are not positive", () => {
  assertThrows(
    () => normalizer({ maxAccumulations: 0 }),
    RangeError,
    "Cannot make a normalizer as its options are positive numbers: maxAccumulations is 0, minStd " +
      "is 1e-8",
  );
  assertThrows(() => normalizer({ minStd: NaN }), RangeError, "minStd is NaN");
});
