import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  allGather,
  axisIndex,
  cond,
  grad,
  pmap,
  pmax,
  pmean,
  pmin,
  psum,
  scan,
  type Tensor,
  treeMap,
  whileLoop,
} from "../../../mod.ts";
import { devicesTest } from "../../support/engines.ts";

const ROWS = [[1, 2], [3, 4], [5, 0], [7, 8]];
const four = <T>(row: T): T[] => Array<T>(4).fill(row);

/** A function on four replicas. */
const onFour = <T>(f: (x: Tensor) => T) => pmap(f, { axisName: "i" });

devicesTest(4, "collectives give each replica what all have", () => {
  const all = onFour((x) => ({
    sum: psum(x, "i"),
    mean: pmean(x, "i"),
    max: pmax(x, "i"),
    min: pmin(x, "i"),
    gathered: allGather(x, "i"),
    index: axisIndex("i"),
  }))(tf.tensor2d(ROWS));
  const values = treeMap((x) => x.arraySync(), all) as unknown;
  assertEquals(values, {
    sum: four([16, 14]),
    mean: four([4, 3.5]),
    max: four([7, 8]),
    min: four([1, 0]),
    gathered: four(ROWS),
    index: [0, 1, 2, 3],
  });
});

devicesTest(4, "collectives keep dtypes, and are exact where numbers are whole", () => {
  const big = 2 ** 24 + 1;
  const ints = onFour((x) => [psum(x, "i"), pmean(x, "i"), pmax(x, "i"), allGather(x, "i")])(
    tf.tensor1d([big, 1, 2, 3], "int32"),
  );
  assertEquals(ints.map((x) => x.dtype), ["int32", "float32", "int32", "int32"]);
  assertEquals(ints[0]!.arraySync(), four(big + 6));
  assertEquals(ints[2]!.arraySync(), four(big));
  assertEquals((ints[3]!.arraySync() as number[][])[1], [big, 1, 2, 3]);

  const bools = onFour((x) => [psum(x, "i"), pmax(x, "i"), pmin(x, "i"), allGather(x, "i")])(
    tf.tensor1d([true, false, true, true], "bool"),
  );
  assertEquals(bools.map((x) => x.dtype), ["int32", "bool", "bool", "bool"]);
  assertEquals(bools.map((x) => (x.arraySync() as unknown[])[0]), [3, 1, 0, [1, 0, 1, 1]]);
});

devicesTest(4, "trees go in and out; what is empty stays empty", () => {
  const { a, b, none } = onFour((x) => psum({ a: x, b: [tf.zeros([0, 2])], none: null }, "i"))(
    tf.tensor1d([1, 2, 3, 4]),
  );
  assertEquals(a.arraySync(), four(10));
  assertEquals([b[0]!.shape, none], [[4, 0, 2], null]);
});

devicesTest(4, "two axes are two directions, and both together are all replicas", () => {
  const f = pmap(() => ({
    rows: psum(axisIndex("row"), "row"),
    columns: allGather(axisIndex("column"), "column"),
    both: axisIndex(["row", "column"]),
    turned: axisIndex(["column", "row"]),
    total: psum(axisIndex(["row", "column"]), ["column", "row"]),
    order: allGather(axisIndex(["row", "column"]), ["row", "column"]),
  }), { axes: { row: 2, column: 2 } });
  const { rows, columns, both, turned, total, order } = f();
  assertEquals(rows.arraySync(), [[1, 1], [1, 1]]);
  assertEquals(columns.arraySync(), [[[0, 1], [0, 1]], [[0, 1], [0, 1]]]);
  assertEquals(both.arraySync(), [[0, 1], [2, 3]]);
  assertEquals(turned.arraySync(), [[0, 2], [1, 3]]);
  assertEquals(total.arraySync(), [[6, 6], [6, 6]]);
  assertEquals((order.arraySync() as number[][][])[1]![0], [0, 1, 2, 3]);
});

// The loss of a parallel function is the sum of its replicas' losses. So it is differentiated here
// by finite differences: of that sum, by each element of the input.
const LOSSES: Record<string, (x: Tensor) => Tensor> = {
  psum: (x) => tf.sum(tf.mul(tf.square(psum(tf.sin(x), "i")), tf.add(1, toFloat(axisIndex("i"))))),
  pmean: (x) => tf.sum(tf.exp(tf.mul(0.1, tf.mul(x, pmean(tf.square(x), "i"))))),
  pmax: (x) => tf.sum(tf.mul(tf.square(pmax(tf.sin(x), "i")), x)),
  pmin: (x) => tf.sum(tf.mul(tf.square(pmin(tf.sin(x), "i")), x)),
  allGather: (x) =>
    tf.sum(tf.mul(tf.square(allGather(x, "i")), tf.sin(tf.range(0, 8).reshape([4, 2])))),
};
const toFloat = (x: Tensor): Tensor => tf.cast(x, "float32");

for (const [name, loss] of Object.entries(LOSSES)) {
  devicesTest(4, `the gradient of ${name} agrees with finite differences`, () => {
    checkBySlope(loss, onFour(grad(loss)));
  });
  devicesTest(4, `the second derivative of ${name} agrees with finite differences`, () => {
    const slope = (x: Tensor): Tensor =>
      tf.sum(tf.mul(grad(loss)(x), tf.cos(tf.add(x, toFloat(axisIndex("i"))))));
    checkBySlope(slope, onFour(grad(slope)));
  });
}

/** Holds a gradient on four replicas against slopes of the sum of their losses. */
function checkBySlope(loss: (x: Tensor) => Tensor, gradient: (x: Tensor) => Tensor): void {
  const x = Float32Array.from([0.3, -0.7, 1.1, 0.2, -0.4, 0.9, 0.6, -1.2]);
  const total = onFour((x) => psum(loss(x), "i"));
  const at = (x: Float32Array): number => total(tf.tensor2d(x, [4, 2])).dataSync()[0]!;
  const grads = gradient(tf.tensor2d(x, [4, 2])).dataSync();
  const h = 2e-3;
  x.forEach((value, i) => {
    const moved = (by: number): Float32Array => x.with(i, value + by);
    assertAlmostEquals(grads[i]!, (at(moved(h)) - at(moved(-h))) / (2 * h), 2e-2);
  });
}

devicesTest(4, "replicas that attain a maximum share its gradient", () => {
  const loss = (x: Tensor): Tensor => tf.sum(pmax(x, "i"));
  assertEquals(onFour(grad(loss))(tf.tensor1d([2, 1, 2, 0])).arraySync(), [2, 0, 2, 0]);
});

devicesTest(4, "collectives work inside scan, and its gradient", () => {
  const loss = (x: Tensor): Tensor =>
    scan((c: Tensor) => [tf.div(psum(tf.square(c), "i"), 4), null], x, 2)[0];
  // c₁ = Σx²/4 on each replica, c₂ = c₁²; its sum over replicas is 4c₁², so d/dxᵢ = 4c₁xᵢ.
  assertEquals(onFour(loss)(tf.tensor1d([1, 2, 3, 4])).arraySync(), four(56.25));
  assertEquals(onFour(grad(loss))(tf.tensor1d([1, 2, 3, 4])).arraySync(), [30, 60, 90, 120]);
});

devicesTest(4, "a collective that some replicas might not reach is refused", () => {
  const positive = (x: Tensor): Tensor => tf.greater(x, 0);
  const branch = onFour((x) => cond(positive(x), () => psum(x, "i"), () => x));
  const loop = onFour((x) => whileLoop(positive, (x: Tensor) => tf.sub(pmax(x, "i"), 1), x));
  assertThrows(
    () => branch(tf.tensor1d([1, 2, 3, 4])),
    TypeError,
    "Cannot psum inside a branch of cond as replicas may part there and would wait for each other " +
      "(compute it outside, and choose with tf.where)",
  );
  assertThrows(
    () => loop(tf.tensor1d([1, 2, 3, 4])),
    TypeError,
    "Cannot pmax inside a whileLoop as replicas may part there",
  );
  // The place of a replica needs nobody else.
  const place = onFour((x) => cond(positive(x), () => axisIndex("i"), () => tf.scalar(9, "int32")));
  assertEquals(place(tf.tensor1d([1, -1, 1, -1])).arraySync(), [0, 9, 2, 9]);
});

devicesTest(4, "an axis that is not there is named", () => {
  assertThrows(
    () => psum(tf.scalar(1), "data"),
    TypeError,
    "Cannot psum along the axis data as it is not one of the axes around the call: there are none " +
      '(call it inside pmap(f, {axisName: "data"}))',
  );
  assertThrows(
    () => pmap((x: Tensor) => pmean(x, ["i", "j"]), { axisName: "i" })(tf.zeros([4])),
    TypeError,
    "Cannot pmean along the axis j as it is not one of the axes around the call: there are i",
  );
  assertThrows(
    () => onFour((x) => psum({ a: x, b: tf.tensor(["text"]) }, "i").a)(tf.zeros([4])),
    TypeError,
    "Cannot psum as devices have numbers only: got string [1]",
  );
});
