import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  adam,
  applyUpdates,
  cond,
  grad,
  graphsTuple,
  interactionNetwork,
  jit,
  mlp,
  random,
  scan,
  segmentSum,
  type Tensor,
  TracerError,
  treeMap,
  valueAndGrad,
} from "../../../mod.ts";
import { installedEngine } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine, useEngine, xlaTest } from "../../support/engines.ts";

type Pair = readonly [Tensor, Tensor];

/** Checks a function as it is and jitted. */
const WAYS: readonly [string, <F extends (...args: never[]) => unknown>(f: F) => F][] = [
  ["plain", (f) => f],
  ["jit", (f) => jit(f as never) as never],
];

const cumulate = (sum: Tensor, x: Tensor): Pair => {
  const next = tf.add(sum, x);
  return [next, tf.mul(next, 2)];
};

forEachEngine("scan() hands the carry on and stacks the results, forwards and in reverse", () => {
  for (const [, way] of WAYS) {
    const xs = tf.tensor1d([1, 2, 3]);
    const [sum, sums] = way((xs: Tensor) => scan(cumulate, tf.scalar(10), xs))(xs);
    assertAllClose(sum, 16);
    assertAllClose(sums, [22, 26, 32]);
    const reversed = way((xs: Tensor) => scan(cumulate, tf.scalar(10), xs, { reverse: true }))(xs);
    assertAllClose(reversed[0], 16);
    assertAllClose(reversed[1], [32, 30, 26]);
  }
});

forEachEngine("scan() takes trees, null, a number of steps, and every dtype", () => {
  for (const [, way] of WAYS) {
    const run = way((n: Tensor, b: Tensor) =>
      scan(
        (carry: { n: Tensor; b: Tensor; none: null }, x: null) => {
          assertEquals(x, null);
          const next = { n: tf.add(carry.n, tf.scalar(3, "int32")), b: tf.logicalNot(carry.b) };
          return [{ ...next, none: null }, { before: [carry.n, null], b: carry.b }];
        },
        { n, b, none: null },
        4,
      )
    );
    const [carry, ys] = run(tf.scalar(1, "int32"), tf.tensor1d([true, false], "bool"));
    assertEquals([carry.n.dtype, carry.b.dtype, carry.none], ["int32", "bool", null]);
    assertAllClose(carry.n, 13);
    assertAllClose(ys.before[0] as Tensor, [1, 4, 7, 10]);
    assertEquals(ys.before[1], null);
    assertEquals(Array.from(ys.b.dataSync()).map(Number), [1, 0, 0, 1, 1, 0, 0, 1]);
    const [last, none] = way((x: Tensor) =>
      scan((x) => [tf.mul(x, 2), null], x, null, { length: 3 })
    )(tf.scalar(1));
    assertAllClose(last, 8);
    assertEquals(none, null);
  }
});

forEachEngine("scan() of no steps gives the carry and empty results", () => {
  for (const [, way] of WAYS) {
    const [carry, ys] = way((x: Tensor) => scan(cumulate, x, tf.zeros([0, 2])))(
      tf.tensor1d([1, 2]),
    );
    assertAllClose(carry, [1, 2]);
    assertEquals(ys.shape, [0, 2]);
  }
});

forEachEngine("scan() carries and stacks tensors without elements", () => {
  for (const [, way] of WAYS) {
    const run = way((x: Tensor, e: Tensor) =>
      scan(([x, e]: Pair): [Pair, Tensor] => [[tf.add(x, 1), tf.add(e, 1)], e], [x, e] as Pair, 3)
    );
    const [[x, e], es] = run(tf.scalar(0), tf.zeros([0, 2]));
    assertAllClose(x, 3);
    assertEquals([e.shape, es.shape], [[0, 2], [3, 0, 2]]);
  }
});

/** A recurrence with everything: weights by closure, rows, an int32 part, an unused part. */
function recurrence(w: Tensor, start: Tensor, xs: Tensor): Tensor {
  const doubled = tf.mul(w, 2);
  const ids = tf.tensor1d([1, 0], "int32");
  const [{ h }, ys] = scan(
    ({ h, n, unused }: { h: Tensor; n: Tensor; unused: Tensor }, { x }: { x: Tensor }) => {
      const mixed = tf.add(tf.mul(tf.gather(h, ids), doubled), x);
      const next = tf.tanh(tf.add(mixed, tf.mul(tf.cast(n, "float32"), 0.1)));
      return [{ h: next, n: tf.add(n, tf.scalar(1, "int32")), unused }, [tf.sum(next), n]];
    },
    { h: start, n: tf.scalar(0, "int32"), unused: tf.mul(start, 3) },
    { x: xs },
  );
  return tf.add(tf.sum(tf.square(h)), tf.sum(tf.exp(ys[0]!)));
}

const recurrenceInputs = (): [Tensor, Tensor, Tensor] => [
  tf.tensor1d([0.3, -0.2]),
  tf.tensor1d([0.5, 0.1]),
  tf.tensor2d([[0.1, 0.2], [0.3, 0.4], [-0.2, 0.1]]),
];

forEachEngine("scan() has first and second derivatives by carry, rows and closures", () => {
  for (const [, way] of WAYS) checkGradients(way(recurrence), recurrenceInputs(), { order: 2 });
});

forEachEngine("the gradients of a scan inside jit are those of the plain loop", () => {
  const first = (w: Tensor, c: Tensor, xs: Tensor): Tensor[] =>
    grad(recurrence, { argnums: [0, 1, 2] })(w, c, xs);
  const penalty = (w: Tensor, c: Tensor, xs: Tensor): Tensor =>
    tf.addN(first(w, c, xs).map((g) => tf.sum(tf.square(g))));
  const second = (w: Tensor, c: Tensor, xs: Tensor): Tensor[] =>
    grad(penalty, { argnums: [0, 1, 2] })(w, c, xs);
  for (const f of [first, second]) {
    const plain = f(...recurrenceInputs());
    const jitted = jit(f)(...recurrenceInputs());
    plain.forEach((g, i) => assertAllClose(jitted[i]!, g, { rtol: 1e-4, atol: 1e-5 }));
  }
});

xlaTest("a third derivative of a scan inside jit is right", () => {
  // (x^2)^2 by two steps of squaring: the third derivative of x^4 is 24 x.
  const power = (x: Tensor): Tensor => scan((c) => [tf.square(c), null], x, 2)[0];
  const third = grad((x: Tensor) => grad((x: Tensor) => grad(power)(x))(x));
  assertAllClose(jit((x: Tensor) => third(x))(tf.scalar(2)), 48, { rtol: 1e-5 });
});

forEachEngine("scan() nests in scan and with cond, derivatives included", () => {
  const f = (w: Tensor, xs: Tensor): Tensor => {
    const outer = (c: Tensor, x: Tensor): [Tensor, Tensor] => {
      const scaled = tf.mul(w, x);
      const inner = (d: Tensor, _: null): [Tensor, Tensor] => {
        const grown = (): Tensor => tf.add(d, tf.mul(scaled, c));
        const next = cond(tf.greater(tf.sum(d), 1), () => tf.sin(d), grown);
        return [next, tf.sum(next)];
      };
      const [last, sums] = scan(inner, c, 3);
      return [last, tf.sum(sums)];
    };
    const [last, sums] = scan(outer, tf.tensor1d([0.2, 0.4]), xs);
    return tf.add(tf.sum(last), tf.sum(tf.square(sums)));
  };
  const inputs = (): [Tensor, Tensor] => [tf.tensor1d([0.7, 0.9]), tf.tensor1d([0.5, 1.1])];
  for (const [, way] of WAYS) checkGradients(way(f), inputs(), { order: 2, eps: 4e-3 });
  const [g, expected] = [jit(grad(f))(...inputs()), grad(f)(...inputs())];
  assertAllClose(g, expected, { rtol: 1e-4, atol: 1e-5 });
  const hessian = (w: Tensor, xs: Tensor): Tensor =>
    grad((w: Tensor) => tf.sum(tf.square(grad(f)(w, xs))))(w);
  assertAllClose(jit(hessian)(...inputs()), hessian(...inputs()), { rtol: 1e-3, atol: 1e-4 });
});

forEachEngine("a gradient inside the step of a scan trains a model", () => {
  const model = mlp({ sizes: [4, 1] });
  const params = model.init(random.key(0), 1);
  const optimizer = adam(0.05);
  const x = tf.tensor2d([[-1], [0], [1]]);
  const y = tf.tensor2d([[1], [0], [1]]);
  type Params = typeof params;
  const loss = (p: Params): Tensor => tf.mean(tf.square(tf.sub(model.apply(p, x), y)));
  const step = ([p, s]: [Params, ReturnType<typeof optimizer.init>]): [[Params, never], Tensor] => {
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates, state] = optimizer.update(grads, s, p);
    return [[applyUpdates(p, updates) as Params, state as never], value];
  };
  const train = (p: Params): Tensor =>
    scan(step as never, [p, optimizer.init(p)] as never, 20)[1] as Tensor;
  const losses = jit(train)(params).dataSync();
  assertEquals(losses.length, 20);
  assertEquals(losses[19]! < losses[0]!, true, `${losses[0]} to ${losses[19]}`);
  assertAllClose(train(params), Array.from(losses), { rtol: 1e-3, atol: 1e-4 });
});

forEachEngine("scan() splits random keys, sums segments and rolls a graph network out", () => {
  const graph = graphsTuple({
    nodes: [[1], [2], [3]],
    edges: [[0.1], [0.2], [0.3]],
    globals: null,
    senders: [0, 1, 2],
    receivers: [1, 2, 0],
    nNode: [3],
    nEdge: [3],
  });
  const network = interactionNetwork({
    updateEdgeFn: (e, s, r) => tf.add(tf.mul(e as Tensor, s as Tensor), r as Tensor),
    updateNodeFn: (n, e) => tf.tanh(tf.add(n as Tensor, e as Tensor)),
  });
  const roll = (nodes: Tensor, key: Tensor): [Tensor, Tensor] => {
    const step = ([nodes, key]: Pair): [Pair, Tensor] => {
      const [next, noise] = tf.unstack(random.split(key)) as [Tensor, Tensor];
      const { nodes: moved } = network({ ...graph, nodes });
      const noisy = tf.add(moved as Tensor, tf.mul(0.01, random.normal(noise, [3, 1])));
      const total = segmentSum(noisy, tf.tensor1d([0, 0, 1], "int32"), 2);
      return [[noisy, next], total];
    };
    const [[last], totals] = scan(step, [nodes, key] as Pair, 5);
    return [last, totals];
  };
  const args = (): Pair => [graph.nodes as Tensor, random.key(7)];
  const [last, totals] = jit(roll)(...args());
  const [plainLast, plainTotals] = roll(...args());
  assertEquals(totals.shape, [5, 2, 1]);
  assertAllClose(last, plainLast, { rtol: 1e-4, atol: 1e-5 });
  assertAllClose(totals, plainTotals, { rtol: 1e-4, atol: 1e-5 });
});

xlaTest("a scan of 1,000 steps is one while, whatever its length, compiled once", () => {
  const roll = (x: Tensor, length: number): [Tensor, Tensor] =>
    scan((x) => [tf.add(tf.mul(x, 0.5), 1), x], x, length);
  const text = (length: number): string =>
    jit((x: Tensor) => roll(x, length)).lower(tf.scalar(0)).text();
  assertEquals(text(1000).split("stablehlo.while").length - 1, 1);
  assertEquals(text(1000).split("\n").length, text(10).split("\n").length);
  const { stats } = installedEngine()!.runtime;
  const jitted = jit((x: Tensor) => roll(x, 1000));
  const { compiles, executions } = { ...stats };
  const [last, all] = jitted(tf.scalar(0));
  assertAllClose(last, 2);
  assertEquals(all.shape, [1000]);
  assertEquals([stats.compiles - compiles, stats.executions - executions], [1, 1]);
});

xlaTest("a scan keeps the carries of its steps for gradients only", () => {
  const roll = (x: Tensor): Tensor => scan((x) => [tf.sin(x), null], x, 77)[0];
  const text = (f: (x: Tensor) => Tensor): string => jit(f).lower(tf.scalar(0)).text();
  assertEquals(text(roll).includes("tensor<77xf32>"), false);
  assertStringIncludes(text((x) => grad(roll)(x)), "tensor<77xf32>");
});

xlaTest("a jitted scan may take the memory of donated arguments, and reads variables anew", () => {
  const rate = tf.variable(tf.scalar(2), false);
  const roll = jit((x: Tensor) => scan((x) => [tf.mul(x, rate), null], x, 3)[0], { donate: [0] });
  const x = tf.tensor1d([1, 3]);
  const first = roll(x);
  assertAllClose(first, [8, 24]);
  assertThrows(() => x.dataSync());
  rate.assign(tf.scalar(1));
  assertAllClose(roll(tf.tensor1d([1, 3])), [1, 3]);
  rate.dispose();
});

forEachEngine("scan() leaves no tensors behind", () => {
  const inputs = recurrenceInputs();
  const run = jit((w: Tensor, c: Tensor, xs: Tensor) => grad(recurrence)(w, c, xs));
  run(...inputs).dispose();
  const before = tf.memory().numTensors;
  run(...inputs).dispose();
  jit((w: Tensor, c: Tensor, xs: Tensor) => grad(recurrence)(w, c, xs))(...inputs).dispose();
  scan(cumulate, tf.scalar(0), tf.tensor1d([1, 2])).forEach((x) => x.dispose());
  assertEquals(tf.memory().numTensors, before + 2, "the two arguments");
});

/** Checks what a call throws, by itself and inside jit. */
function refuse(f: () => unknown, error: new (...args: never[]) => Error, text: string): void {
  assertThrows(f, error as never, text);
  assertThrows(() => jit((x: Tensor) => (f(), x))(tf.scalar(0)), error as never, text);
}

forEachEngine("scan() says what is wrong with the carry and the result of a step", () => {
  const c = tf.scalar(0);
  const twice = ({ a: [x] }: { a: Tensor[] }): [{ a: Tensor[] }, null] => [
    { a: [tf.stack([x!, x!])] },
    null,
  ];
  refuse(
    () => scan(twice, { a: [tf.zeros([3])] as Tensor[] }, 2),
    TypeError,
    "Cannot scan as the carry keeps its type from step to step: the carry before a step at a[0] " +
      "is float32 [3], after it float32 [2, 3] (reshape it, or keep its size with a mask)",
  );
  refuse(
    () => scan((x) => [tf.cast(x, "int32"), null], c, 2),
    TypeError,
    'is float32 [], after it int32 [] (cast it with tf.cast(…, "float32"))',
  );
  refuse(
    () => scan((x) => [[x, x] as never, null], c, 2),
    TypeError,
    "the carry before a step has the structure *, after it [*, *]",
  );
  refuse(
    () => scan((x) => x as never, c, 2),
    TypeError,
    "Cannot scan as a step returns [carry, y]: it returned float32 []",
  );
  refuse(() => scan((c) => [c, 3], c, 2), TypeError, "what a step gives must be a tree of tensors");
  const later = (c: Tensor): never => Promise.resolve([c, null]) as never;
  refuse(() => scan(later, c, 2), TypeError, "it returned a promise");
});

forEachEngine("scan() says what is wrong with the rows and the length", () => {
  const c = tf.scalar(0);
  const same = (c: Tensor): [Tensor, null] => [c, null];
  refuse(
    () => scan(same, c, { a: tf.zeros([3, 1]), b: tf.zeros([4]) }),
    TypeError,
    "Cannot scan as all xs have one first size, the number of steps: a [3, 1] and b [4]",
  );
  refuse(
    () => scan(same, c, tf.zeros([3]), { length: 4 }),
    TypeError,
    "xs [3] and the option length, 4",
  );
  refuse(() => scan(same, c, tf.scalar(1)), TypeError, "xs is float32 []");
  refuse(() => scan(same, c, null), TypeError, "the number of steps is not known");
  refuse(() => scan(same, c, 2.5), RangeError, "a number of steps: got 2.5");
  refuse(() => scan(same, c, -1), RangeError, "a number of steps: got -1");
});

xlaTest("a step inside jit cannot be read, assign variables, or leak its tensors", () => {
  const leaks: Tensor[] = [];
  const run = (step: (x: Tensor) => unknown): unknown =>
    jit((x: Tensor) => {
      const [last] = scan((c) => (step(c), [tf.add(c, 1), null]), x, 3);
      return leaks.length > 0 ? tf.add(leaks[0]!, last) : last;
    })(tf.scalar(0));
  assertThrows(() => run((c) => c.dataSync()), TracerError, "Cannot read a tensor");
  const v = tf.variable(tf.scalar(1));
  assertThrows(
    () => run((c) => v.assign(c as tf.Scalar)),
    TypeError,
    "Cannot assign a variable inside the body of a loop or branch in jit",
  );
  assertAllClose(v, 1);
  v.dispose();
  assertThrows(
    () => run((c) => leaks.push(tf.keep(tf.mul(c, 2)))),
    TracerError,
    "inside the body of a loop or branch",
  );
});

forEachEngine("a step outside jit may be read", () => {
  const seen: number[] = [];
  const look = (x: Tensor): [Tensor, null] => {
    seen.push(x.dataSync()[0]!);
    return [tf.mul(x, 3), null];
  };
  scan(look, tf.scalar(1), 3);
  assertEquals(seen, [1, 3, 9]);
});

forEachEngine("the gradient of a scan has no NaN where a step saturates", () => {
  const f = (x: Tensor): Tensor =>
    tf.sum(scan((c) => [tf.where(tf.greater(c, 3), c, tf.mul(c, 2)), tf.sqrt(c)], x, 4)[1]);
  for (const [, way] of WAYS) {
    const g = way((x: Tensor) => grad(f)(x))(tf.tensor1d([1, 0.5, 4]));
    assertEquals(Array.from(g.dataSync()).some(Number.isNaN), false);
  }
});

Deno.test("scan() passes trees through treeMap", async () => {
  await useEngine("cpu");
  const start = { a: tf.scalar(1), b: [tf.scalar(2)] };
  const [last] = scan((c) => [treeMap((x) => tf.mul(x, 2), c), null], start, 3);
  assertAllClose(last.a, 8);
  assertAllClose(last.b[0]!, 16);
});
