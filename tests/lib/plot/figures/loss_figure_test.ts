import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { type Figure, lossFigure, type ScatterTrace } from "../../../../lib/plot/mod.ts";

const yaxis = (figure: Figure): { type?: string } => figure.layout.yaxis as { type?: string };
const traces = (figure: Figure): ScatterTrace[] => figure.data as ScatterTrace[];

Deno.test("lossFigure() draws a curve for each series over its own steps", () => {
  const figure = lossFigure({
    train: [1, 0.5, 0.25],
    valid: { steps: [2, 3], values: [0.7, 0.4] },
  });
  const [train, valid] = traces(figure);
  assertEquals([train!.name, train!.x, train!.y], ["train", [1, 2, 3], [1, 0.5, 0.25]]);
  assertEquals([valid!.name, valid!.x, valid!.y], ["valid", [2, 3], [0.7, 0.4]]);
  assertEquals(yaxis(figure).type, "log");
});

Deno.test("lossFigure() leaves a gap where a logarithm has no value", () => {
  assertEquals(traces(lossFigure({ train: [1, 0, -1, NaN, 2] }))[0]!.y, [1, null, null, null, 2]);
});

Deno.test("lossFigure() has a linear axis where no value is positive", () => {
  const figure = lossFigure({ energy: [-1, -2, 0] });
  assertEquals(yaxis(figure).type, undefined);
  assertEquals(traces(figure)[0]!.y, [-1, -2, 0]);
});

Deno.test("lossFigure() smooths long curves over the pale raw one, from the first value on", () => {
  const train = Array.from({ length: 60 }, (_, n) => n < 30 ? 4 : 1);
  const [raw, mean, ...rest] = traces(lossFigure({ train, valid: [3, 2] }, { smoothing: 0.5 }));
  assertEquals(raw!.y, train);
  assertGreater(1, raw!.opacity!);
  assertEquals((mean!.y as number[])[0], 4);
  // One step after the jump half of the weight is on the new value, up to 2^-30.
  assertAlmostEquals((mean!.y as number[])[30]!, 2.5, 1e-6);
  assertEquals(rest.map((trace) => trace.name), ["valid"]);
});

Deno.test("lossFigure() thins long curves evenly and keeps their ends", () => {
  const train = Array.from({ length: 100_000 }, (_, n) => 1 / (n + 1));
  const { x } = traces(lossFigure({ train }))[0]! as { x: { bdata: string } };
  const steps = new Float32Array(Uint8Array.fromBase64(x.bdata).buffer);
  assertEquals([steps[0], steps[1], steps.at(-1)], [1, 51, 100_000]);
  assertEquals(steps.length, 2001);
});

Deno.test("lossFigure() says what is wrong with its series", () => {
  assertThrows(() => lossFigure({}), RangeError, "Cannot draw losses as there is no series");
  assertThrows(
    () => lossFigure({ valid: { steps: [1], values: [1, 2] } }),
    TypeError,
    "series valid must have a step for each value: got 1 steps and 2 values",
  );
  assertThrows(
    () => lossFigure({ train: [1] }, { smoothing: 1 }),
    RangeError,
    "smoothing must be in [0, 1): got 1",
  );
  assertThrows(
    () => lossFigure({ train: [[1, 2], [3, 4]] }),
    TypeError,
    "Cannot draw losses as a series is a list of numbers: train is [2, 2]",
  );
  assertThrows(
    () => lossFigure({ train: [1] }, { width: -5 }),
    RangeError,
    "Cannot draw a figure as its width is a number of pixels up to 100,000: got -5",
  );
});

Deno.test("lossFigure() says what it cannot draw", () => {
  const note = (values: number[]): string | undefined =>
    lossFigure({ train: values }).layout.annotations?.[0]?.text;
  assertEquals(note([]), "no values yet");
  assertEquals(note([NaN, NaN]), "values that are not finite: 2");
  assertEquals(
    note([1, 100, -1, 0, Infinity]),
    "values that are not finite: 1; values that have no logarithm: 2",
  );
  assertEquals(note([1, 2, 3]), undefined);
  assertEquals(note(new Array(4001).fill(1)), "one in 3 values is drawn");
});

Deno.test("lossFigure() has a linear axis where values lie near to each other", () => {
  const typeOf = (values: number[]) =>
    (lossFigure({ energy: values }).layout.yaxis as { type?: string }).type;
  assertEquals([typeOf([1, 1.04, 0.98]), typeOf([1, 2])], [undefined, "log"]);
});
