import { assertEquals } from "@std/assert";
import { hlo, type HloNode, printModule } from "../../../lib/xla/hlo/mod.ts";
import { type Lifted, VaryingNumbers } from "../../../lib/xla/varying_numbers.ts";
import { makeNode, topologicalOrder } from "../../../lib/xla/hlo/mod.ts";
import { Value } from "../../../lib/xla/value.ts";

const x: HloNode = makeNode("value", [], [6], "f32", null);
x.data = new Value({ host: new Float32Array(6) });

/** `rate * x[start : start + 2] + 1` */
function step(rate: number, start: number): HloNode {
  const rows = makeNode("slice", [x], [2], "f32", { start: [start], stride: [1] });
  return hlo.add(hlo.mul(hlo.constant(rate), rows), hlo.constant(1));
}

function lift(varying: VaryingNumbers, output: HloNode): Lifted {
  return varying.lift(topologicalOrder([output], ({ data }) => data !== null), [output]);
}

const argumentsOf = ({ numbers }: Lifted): number[] =>
  numbers.map(({ data }) => (data as Value).host![0]!);

function text({ numbers, order, outputs }: Lifted): string {
  return printModule("f", [x, ...numbers].map((node) => ({ node })), outputs, order);
}

Deno.test("numbers that stay the same stay in the program", () => {
  const varying = new VaryingNumbers();
  const first = lift(varying, step(0.5, 2));
  const second = lift(varying, step(0.5, 2));
  assertEquals([argumentsOf(first), argumentsOf(second)], [[], []]);
  assertEquals(text(first), text(second));
});

Deno.test("numbers that change become arguments of one program, and stay so", () => {
  const varying = new VaryingNumbers();
  lift(varying, step(0.5, 2));
  const second = lift(varying, step(0.25, 2));
  assertEquals(argumentsOf(second), [0.25]);
  const third = lift(varying, step(0.125, 4));
  assertEquals(argumentsOf(third), [0.125, 4]);
  const fourth = lift(varying, step(0.125, 0));
  assertEquals(argumentsOf(fourth), [0.125, 0]);
  assertEquals(text(fourth), text(third));
  assertEquals(text(third).includes("stablehlo.dynamic_slice"), true);
  assertEquals(text(third).match(/stablehlo.constant/g)?.length, 1);
});

Deno.test("a number that is itself a result is an argument that is returned", () => {
  const varying = new VaryingNumbers();
  lift(varying, hlo.constant(1));
  const { order, outputs, numbers } = lift(varying, hlo.constant(2));
  assertEquals([order, outputs], [[], [...numbers]]);
});

Deno.test("a slice by strides, and 0 beside -0, are not mistaken", () => {
  const varying = new VaryingNumbers();
  const every = (start: number) =>
    makeNode("slice", [x], [2], "f32", { start: [start], stride: [2] });
  lift(varying, every(0));
  assertEquals(argumentsOf(lift(varying, every(1))), []);
  lift(varying, hlo.constant(0));
  assertEquals(argumentsOf(lift(varying, hlo.constant(-0))), [-0]);
  assertEquals(argumentsOf(lift(varying, hlo.constant(NaN))), [NaN]);
});
