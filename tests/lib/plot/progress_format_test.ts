import { assertEquals } from "@std/assert";
import {
  formatProgress,
  formatSeconds,
  type ProgressState,
} from "../../../lib/plot/progress_format.ts";

const state: ProgressState = {
  label: "train",
  unit: "steps",
  done: 350,
  total: 1000,
  rate: 12.345,
  seconds: 30,
  values: { loss: 0.0123456 },
};

Deno.test("formatProgress() says how far, how fast, how well and how long still", () => {
  assertEquals(
    formatProgress(state),
    "train  350/1000  35%  12.3 steps/s  loss 0.01235  0:53 left",
  );
  assertEquals(
    formatProgress({ ...state, values: {} }, { bar: true }),
    "train  ███████░░░░░░░░░░░░░  350/1000  35%  12.3 steps/s  0:53 left",
  );
});

Deno.test("formatProgress() leaves out what is not known yet", () => {
  assertEquals(
    formatProgress({ ...state, label: "", done: 0, rate: NaN, values: {} }),
    "0/1000  0%",
  );
});

Deno.test("formatProgress() ends with the time taken", () => {
  assertEquals(
    formatProgress({ ...state, done: 1000, seconds: 3725 }),
    "train  1000/1000  100%  12.3 steps/s  loss 0.01235  1:02:05 in all",
  );
});

Deno.test("formatSeconds() counts minutes and hours", () => {
  assertEquals([0, 59.6, 61, 3600].map(formatSeconds), ["0:00", "1:00", "1:01", "1:00:00"]);
});
