import { assertEquals, assertThrows } from "@std/assert";
import {
  constantVelocity,
  type Frames,
  mseAtHorizons,
  persistence,
  unwrapFrames,
} from "../../../lib/physics/metrics.ts";

const frames = (shape: number[], ...data: number[]): Frames => ({
  shape,
  data: Float32Array.from(data),
});

/** Four frames of two nodes with one component. */
const truth = frames([4, 2, 1], 0, 0, 1, 1, 2, 2, 3, 3);

Deno.test("mseAtHorizons() is the mean over components, nodes and steps 1 to h", () => {
  const predicted = frames([3, 2, 1], 1, 3, 2, 2, 3, 0);
  // Squared errors by step: (0 + 4), 0, (0 + 9).
  assertEquals([...mseAtHorizons(predicted, truth, [1, 2, 3])], [[1, 2], [2, 1], [3, 13 / 6]]);
});

Deno.test("mseAtHorizons() compares with the truth from the start frame on", () => {
  const predicted = frames([2, 2, 1], 2, 2, 3, 4);
  assertEquals([...mseAtHorizons(predicted, truth, [2, 1], 1)], [[1, 0], [2, 0.25]]);
});

Deno.test("mseAtHorizons() leaves out horizons beyond the rollout or the truth", () => {
  const long = frames([5, 2, 1], ...new Array<number>(10).fill(0));
  assertEquals([...mseAtHorizons(long, truth, [1, 3, 4]).keys()], [1, 3]);
  assertEquals([...mseAtHorizons(long, truth, [1, 3], 1).keys()], [1]);
});

Deno.test("persistence() repeats the start frame and its error is that of no change", () => {
  const forecast = persistence(truth, 3);
  assertEquals([...forecast.data], [0, 0, 0, 0, 0, 0]);
  assertEquals([...mseAtHorizons(forecast, truth, [1, 3])], [[1, 1], [3, 14 / 3]]);
  assertEquals([...persistence(truth, 1, 2).data], [2, 2]);
});

Deno.test("mseAtHorizons() refuses other frames, starts and horizons", () => {
  assertThrows(
    () => mseAtHorizons(frames([1, 3, 1], 0, 0, 0), truth),
    TypeError,
    "Cannot measure a rollout as its frames must be those of the truth: predicted is [1, 3, 1], " +
      "the truth is [4, 2, 1]",
  );
  assertThrows(
    () => mseAtHorizons(truth, truth, [1], 4),
    RangeError,
    "Cannot measure a rollout as it starts at a frame of the truth: got 4 of 4 frames",
  );
  assertThrows(
    () => mseAtHorizons(truth, truth, [0]),
    RangeError,
    "a horizon must be a positive integer: got number 0",
  );
  assertThrows(() => persistence(truth, 1, -1), RangeError, "Cannot repeat a frame");
});

Deno.test("constantVelocity() goes on from any frame, at the velocity of the last step", () => {
  const path = frames([4, 2, 1], 0, 5, 1, 5, 4, 3, 0, 0);
  assertEquals([...constantVelocity(path, 2, 2).data], [7, 1, 10, -1]);
  assertEquals(constantVelocity(path, 2, 1), frames([2, 2, 1], 2, 5, 3, 5));
  assertThrows(
    () => constantVelocity(path, 2, 0),
    RangeError,
    "Cannot go on at a velocity as the frame before the start gives it: start is 0",
  );
});

Deno.test("unwrapFrames() makes paths continuous, and keeps their places in the box", () => {
  const path = frames([4, 1, 2], 0.75, 9, 0.125, 1, 0.875, 9, 0.5, 1);
  assertEquals(
    unwrapFrames(path, [1, Infinity]),
    frames([4, 1, 2], 0.75, 9, 1.125, 1, 0.875, 9, 0.5, 1),
  );
  assertThrows(
    () => unwrapFrames(path, [1]),
    RangeError,
    "Cannot unwrap a trajectory as a box has a positive length for each of 2 axes: got [1]",
  );
});
