import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { cond, grad, jit, scan, type Tensor, valueAndGrad, whileLoop } from "../../../mod.ts";
import { assertRefused, type BadCall, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine, xlaTest } from "../../support/engines.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

const NO_FUNCTIONS = { ...JUNK, null: null, undefined: undefined, "a number": 1 };
const x = (): Tensor => tf.scalar(1);
const yes = (): Tensor => tf.scalar(true, "bool");
const gone = (): Tensor => {
  const tensor = tf.scalar(1);
  tensor.dispose();
  return tensor;
};

forEachEngine("transformations refuse what is no function", () => {
  const title = "must be a function";
  assertRefused([
    ...each("jit()", NO_FUNCTIONS, (f) => jit(f), title),
    ...each("grad()", NO_FUNCTIONS, (f) => grad(f), title),
    ...each("valueAndGrad()", NO_FUNCTIONS, (f) => valueAndGrad(f), title),
    ...each("scan()", NO_FUNCTIONS, (f) => scan(f, x(), 3), title),
    ...each("whileLoop()'s condition", NO_FUNCTIONS, (f) => whileLoop(f, x, x()), title),
    ...each("whileLoop()'s body", NO_FUNCTIONS, (f) => whileLoop(yes, f, x()), title),
    ...each("cond()'s ifTrue", NO_FUNCTIONS, (f) => cond(yes(), f, x), title),
    ...each("cond()'s ifFalse", NO_FUNCTIONS, (f) => cond(yes(), x, f), title),
  ]);
});

forEachEngine("transformations refuse tensors that were disposed", () => {
  const double = (x: Tensor): Tensor => tf.mul(x, 2);
  const calls: BadCall[] = [
    ["grad()", () => grad(double)(gone()), "argument 0 was disposed"],
    [
      "grad() of a tree",
      () => grad((_: unknown) => x())({ a: [gone()] }),
      "argument 0 at a[0] was",
    ],
    ["scan()", () => scan((c) => [double(c), null], gone(), 3), "the carry was disposed"],
    ["scan()'s xs", () => scan((c, x) => [tf.add(c, x), null], x(), gone()), "xs was disposed"],
    ["whileLoop()", () => whileLoop(yes, double, gone()), "the carry was disposed"],
    ["cond()", () => cond(gone(), x, x), "the predicate was disposed"],
  ];
  assertRefused(calls);
});

forEachEngine("jit() refuses positions that name no argument", () => {
  const positions = {
    ...NO_FUNCTIONS,
    negative: -1,
    "a fraction": 0.5,
    true: true,
    "a number": NaN,
  };
  delete (positions as Partial<typeof positions>).undefined;
  assertRefused([
    ...each("donate", positions, (donate) => jit(x, { donate }), "by their positions, from 0"),
    ...each("static", positions, (bad) => jit(x, { static: [0, bad] }), "by their positions"),
    ["both", () => jit(x, { donate: 1, static: [0, 1] }), "argument 1 is both"],
  ]);
});

forEachEngine("cond() gives a tree of tensors, compiled or not", () => {
  assertRefused([
    // deno-lint-ignore no-explicit-any -- wrong on purpose
    ["a number", () => cond(yes(), () => 5 as any, x), "the result of ifTrue must be a tree"],
    ["a promise", () => cond(yes(), () => Promise.resolve(x()) as never, x), "must not be async"],
  ]);
});

forEachEngine("scan() counts its steps in int32", () => {
  assertRefused([["too many", () => scan((c) => [c, null], x(), 2 ** 31), "at most 2147483647"]]);
});

xlaTest("static arguments of jit() are told apart by all that they hold", () => {
  class Box {
    readonly #size: number;
    constructor(size: number) {
      this.#size = size;
    }
    get size(): number {
      return this.#size;
    }
  }
  const sizeOf = jit((value: { a?: unknown }) => {
    const { a } = value as { a?: { size: number } | number | null };
    return tf.scalar(typeof a === "number" ? a : a?.size ?? -1);
  }, { static: 0 });
  const read = (a: unknown): number => sizeOf({ a }).dataSync()[0]!;
  const values = [1, NaN, Infinity, -Infinity, null, new Map([[1, 1]]), new Map(), new Box(7)];
  assertEquals([...values, new Box(8)].map(read), [1, NaN, Infinity, -Infinity, -1, 1, 0, 7, 8]);

  const lengths = jit((a: string, b: string) => tf.tensor1d([a.length, b.length]), {
    static: [0, 1],
  });
  const both = (a: string, b: string): number[] => [...lengths(a, b).dataSync()];
  assertEquals(both("a; static string b", "c"), [18, 1]);
  assertEquals(both("a", "b; static string c"), [1, 18]);

  const [first, second] = [Symbol("s"), Symbol("s")];
  const which = jit((s: symbol) => tf.scalar(s === first ? 1 : 2), { static: 0 });
  assertEquals([first, second].map((s) => which(s).dataSync()[0]), [1, 2]);
  assertEquals(which(Symbol.for("s")).dataSync()[0], 2);

  const endless: Record<string, unknown> = {};
  endless.self = [endless];
  const one = jit((_: unknown) => x(), { static: 0 });
  assertRefused([["a cycle", () => one(endless), "that holds itself"]]);
  const shared = { b: 1n };
  assertEquals(one([shared, shared]).dataSync()[0], 1);
});

xlaTest("keys of arguments of jit() are told apart", () => {
  const count = jit((tree: Record<string, Tensor | null>) => tf.scalar(Object.keys(tree).length));
  assertEquals(count({ a: null, b: x() }).dataSync()[0], 2);
  assertEquals(count({ "a: null, b": x() }).dataSync()[0], 1);
});

xlaTest("jit() refuses a variable that would begin anew at each call", () => {
  const weight = tf.variable(tf.scalar(3));
  const optimizer = tf.train.momentum(0.1, 0.9);
  const loss = (): tf.Scalar => tf.square(weight);
  const step = jit(() => optimizer.minimize(loss, true)!);
  assertLeavesBehind(0, () => {
    assertRefused([["tf.train", () => step(), "makes a variable that it does not dispose"]]);
  });
  assertEquals(weight.dataSync()[0], 3);
  const passing = jit((x: Tensor) => {
    const variable = tf.variable(x);
    variable.assign(tf.add(variable, 1));
    const result = tf.clone(variable);
    variable.dispose();
    return result;
  });
  assertEquals([1, 2].map((value) => passing(tf.scalar(value)).dataSync()[0]), [2, 3]);
});

xlaTest("jit() refuses a result that was disposed", () => {
  const f = jit((x: Tensor) => {
    const y = tf.add(x, 1);
    y.dispose();
    return { y };
  });
  assertRefused([["a disposed result", () => f(x()), "y was disposed"]]);
});
