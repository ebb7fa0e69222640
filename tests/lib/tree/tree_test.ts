import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  assertSameStructure,
  describe,
  formatTreeDef,
  treeDispose,
  treeFlatten,
  treeLeaves,
  treeMap,
  treePaths,
  treeUnflatten,
} from "../../../lib/tree/mod.ts";

await tf.setBackend("cpu");

Deno.test("treeFlatten() orders leaves by index and by sorted key", () => {
  const [one, two, three] = [tf.scalar(1), tf.scalar(2), tf.scalar(3)];
  const [leaves, def] = treeFlatten({ z: one, a: [two, null, { b: three }] });
  assertEquals(leaves.map((leaf) => leaf.id), [two.id, three.id, one.id]);
  assertEquals(formatTreeDef(def), "{a: [*, null, {b: *}], z: *}");
});

Deno.test("formatTreeDef() tells structures apart whose keys hold punctuation", () => {
  const [text, other] = [{ a: 1, b: 2 }, { "a: *, b": 1 }].map((tree) =>
    formatTreeDef(treeFlatten<number>(tree, (x) => typeof x === "number")[1])
  );
  assertEquals([text, other], ["{a: *, b: *}", '{"a: *, b": *}']);
});

Deno.test("treeFlatten() takes undefined for null and a bare tensor for a tree", () => {
  assertEquals(treeLeaves({ a: undefined, b: null }), []);
  const x = tf.scalar(1);
  assertStrictEquals(treeLeaves(x)[0], x);
  assertStrictEquals(treeUnflatten(treeFlatten(x)[1], [x]), x);
});

Deno.test("treeFlatten() refuses what is no tree, naming its path", () => {
  const error = assertThrows(
    // deno-lint-ignore no-explicit-any -- wrong on purpose
    () => treeFlatten({ a: [tf.scalar(1), 3 as any] }),
    TypeError,
  );
  assertEquals(
    error.message,
    "Cannot flatten a tree as each leaf must be a tensor: a[1] is number 3 " +
      "(use tensors, null, arrays and plain objects)",
  );
  // deno-lint-ignore no-explicit-any -- wrong on purpose
  assertThrows(() => treeFlatten(new Map() as any), TypeError, "the tree is Map");
});

Deno.test("treeUnflatten() undoes treeFlatten(), and carries symbol keys over", () => {
  const hook = Symbol.for("test.hook");
  const tree = { nodes: tf.scalar(1), edges: null, [hook]: () => "shown" };
  const [leaves, def] = treeFlatten(tree);
  const back = treeUnflatten(def, leaves) as typeof tree;
  assertEquals(Object.keys(back).sort(), ["edges", "nodes"]);
  assertEquals(back[hook](), "shown");
  assertThrows(
    () => treeUnflatten(def, []),
    RangeError,
    "Cannot unflatten a tree as it takes one leaf a place: the structure has 1 leaves, got 0",
  );
});

Deno.test("a structure keeps no tensor alive, and every key its own", () => {
  const tree = JSON.parse('{"__proto__": {"a": [null]}, "b": null}');
  tree.b = tf.scalar(1);
  const [leaves, def] = treeFlatten(tree);
  const holds = (value: unknown): boolean =>
    value instanceof tf.Tensor ||
    typeof value === "object" && value !== null && Object.values(value).some(holds);
  assertEquals(holds(def), false);
  const back = treeUnflatten(def, leaves) as object;
  assertEquals(Object.keys(back), ["__proto__", "b"]);
  assertEquals(Object.getPrototypeOf(back), Object.prototype);
});

Deno.test("treeMap() maps the leaves in the same place of several trees", () => {
  const sum = treeMap(
    (a, b) => tf.add(a, b!),
    { w: tf.scalar(1), b: [tf.scalar(2)] },
    { w: tf.scalar(10), b: [tf.scalar(20)] },
  );
  assertEquals([sum.w.dataSync()[0], sum.b[0]!.dataSync()[0]], [11, 22]);
  assertThrows(
    () => treeMap((a) => a, { w: tf.scalar(1) }, { v: tf.scalar(1) }),
    TypeError,
    "Cannot map over trees as all trees must have one structure: expected {w: *}, tree 1 is {v: *}",
  );
});

Deno.test("treePaths() names each leaf", () => {
  assertEquals(treePaths({ params: [{ w: tf.scalar(1) }], step: tf.scalar(2) }), [
    "params[0].w",
    "step",
  ]);
});

Deno.test("assertSameStructure() accepts equal structures of different objects", () => {
  const def = () => treeFlatten([tf.scalar(1), { a: tf.scalar(2) }])[1];
  assertSameStructure(def(), def(), "test", "other");
  assert(formatTreeDef(def()) === "[*, {a: *}]");
});

Deno.test("treeFlatten() refuses what holds itself, and takes holes for null", () => {
  const endless: Record<string, unknown> = {};
  endless.self = endless;
  const error = assertThrows(() => treePaths(endless), TypeError);
  assertEquals(
    error.message,
    "Cannot flatten a tree as it must come to an end: it is nested deeper than 1000 at " +
      "self.self.self.self.self.self.self.self.… (take out what holds itself)",
  );
  assertEquals(formatTreeDef(treeFlatten(new Array(2))[1]), "[null, null]");
});

Deno.test("a key is a key, whatever its name", () => {
  const tree = JSON.parse('{"__proto__": null, "a: null, b": null, "c": null}');
  const [, def] = treeFlatten(tree);
  assertEquals(formatTreeDef(def), '{__proto__: null, "a: null, b": null, c: null}');
  assertEquals(Object.keys(treeUnflatten(def, []) as object), ["__proto__", "a: null, b", "c"]);
});

Deno.test("describe() prints what errors show", () => {
  assertEquals(
    [tf.zeros([2, 3]), null, undefined, [1, 2], { b: 1, a: 2 }, new Date(0), "x", () => 1].map(
      describe,
    ),
    [
      "float32 [2, 3]",
      "null",
      "undefined",
      "an array of 2",
      "an object with keys {a, b}",
      "Date",
      "string x",
      "a function",
    ],
  );
});

Deno.test("treeDispose() leaves alone what another tree has too", () => {
  const [a, b, c] = [tf.scalar(1), tf.scalar(2), tf.scalar(3)];
  treeDispose({ a, b, nest: [c, null] }, { except: [c, { other: a }] });
  assertEquals([a, b, c].map((x) => x.isDisposed), [false, true, false]);
});
