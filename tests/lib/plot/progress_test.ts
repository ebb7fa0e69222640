import { assertEquals, assertThrows } from "@std/assert";
import { progress, type ProgressOutput } from "../../../lib/plot/mod.ts";

/** An output with a clock that is set by hand. */
function recorder(
  terminal: boolean,
): { lines: string[]; clock: { now: number }; output: ProgressOutput } {
  const lines: string[] = [];
  const clock = { now: 0 };
  const write = (text: string): void => void lines.push(text);
  return { lines, clock, output: { terminal, columns: 80, write, now: () => clock.now } };
}

Deno.test("progress() rewrites a terminal's line at most ten times a second, and the last state", async () => {
  const { lines, clock, output } = recorder(true);
  const line = progress(100, { output });
  for (let step = 1; step <= 100; step++) {
    clock.now = step * 10;
    await line.update(step);
  }
  assertEquals(lines.length, 10);
  await line.finish();
  assertEquals(
    lines.at(-1),
    `\r${"█".repeat(20)}  100/100  100%  100 steps/s  0:01 in all\x1b[K\n`,
  );
});

Deno.test("progress() cuts a line to the terminal's width", async () => {
  const { lines, output } = recorder(true);
  await progress(10, { label: "a".repeat(200), output }).update(1);
  assertEquals(lines[0], `\r${"a".repeat(79)}\x1b[K`);
});

Deno.test("progress() writes a line for each tenth where there is no terminal", async () => {
  const { lines, clock, output } = recorder(false);
  const line = progress(50, { output });
  for (let step = 1; step <= 50; step++) {
    clock.now = step * 1000;
    await line.update(step);
  }
  await line.finish();
  assertEquals(lines.length, 10);
  assertEquals(lines[0], "5/50  10%  1 steps/s  0:45 left\n");
  assertEquals(lines.at(-1), "50/50  100%  1 steps/s  0:50 in all\n");
});

Deno.test("progress() that is stopped early writes its last state", async () => {
  const { lines, output } = recorder(false);
  const line = progress(100, { output });
  await line.update(1);
  await line.update(7);
  await line.finish();
  assertEquals(lines, ["7/100  7%\n"]);
});

Deno.test("progress() of a resumed run counts the rate from where it started", async () => {
  const { lines, clock, output } = recorder(false);
  const line = progress(100, { start: 60, output });
  clock.now = 5000; // Compiling: not part of the rate.
  await line.update(61);
  clock.now = 10_000;
  await line.update(71, { loss: 0.5 });
  assertEquals(lines, ["71/100  71%  2 steps/s  loss 0.5  0:15 left\n"]);
});

Deno.test("progress() wants a total", () => {
  assertThrows(
    () => progress(0),
    RangeError,
    "Cannot show progress as the total must be a whole number from 1: got 0",
  );
});
