import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  grad,
  jit,
  type NeighborList,
  neighborList,
  radiusGraph,
  scan,
  segmentGather,
  type Tensor,
} from "../../../mod.ts";
import { randomStream } from "../../../datasets/random_stream.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine, xlaTest } from "../../support/engines.ts";
import { steps } from "../../support/tier.ts";
import { edgeList, type Rows, squaredDistance } from "./points.ts";

/** The edges of a list; what is left over names no point on either side. */
function edgesOf({ senders, receivers, numEdges, positions }: NeighborList): string[] {
  const [from, to] = [senders.dataSync<"int32">(), receivers.dataSync<"int32">()];
  const edges = numEdges.dataSync()[0]!;
  const none = positions.shape[0]!;
  assert(from.subarray(edges).every((id) => id === none));
  assert(to.subarray(edges).every((id) => id === none));
  assert(to.every((id, e) => e === 0 || to[e - 1]! <= id), "receivers ascend");
  return edgeList({ senders: from.subarray(0, edges), receivers: to.subarray(0, edges) }).sort();
}

const didOverflow = (list: NeighborList): boolean => list.didOverflow.dataSync()[0] === 1;

/**
 * Points on a lattice of 1/256, which float32 holds with all distances exactly: no pair is on one
 * side of the radius here and on the other there. Moves are as fine.
 */
function latticePoints(count: number, dim: number, seed: number): Rows {
  const random = randomStream(seed);
  return Array.from(
    { length: count },
    () => Array.from({ length: dim }, () => random.integer(256) / 256),
  );
}

const asTensor = (rows: Rows): Tensor => tf.tensor2d(rows);

/** The sizes at which all pairs, and a grid, are searched; both are seen from the list's shape. */
const CASES = [1, 2, 3].flatMap((dim) =>
  [null, 1, [1, ...new Array(dim - 1).fill(Infinity)]].flatMap((box) => [
    { dim, box, count: 20, radius: 40 / 256, isGrid: false },
    { dim, box, count: 400, radius: [0, 3, 9, 28][dim]! / 256, isGrid: true },
  ])
);

forEachEngine("neighborList() has the edges of radiusGraph() at allocation", () => {
  for (const { dim, box, count, radius, isGrid } of CASES) {
    for (const selfEdges of [false, true]) {
      const points = latticePoints(count, dim, 1);
      const list = neighborList({ radius, box, selfEdges }).allocate(points);
      const cells = list.grid.shape.slice(1, 4).reduce((a, b) => a * b, 1);
      assertEquals(cells > 1, isGrid, `grid of ${dim} dimensions: ${list.grid.shape}`);
      const expected = edgeList(radiusGraph(points, radius, { box, selfEdges }));
      assertEquals(edgesOf(list), expected.sort());
      assertEquals(didOverflow(list), false);
      tf.dispose({ ...list });
    }
  }
});

xlaTest("neighborList() follows moving points inside a jitted scan", () => {
  for (const { dim, box, count, radius } of CASES) {
    const random = randomStream(2);
    const points = latticePoints(count, dim, 3);
    const moves = points.map((row) => row.map(() => (random.integer(9) - 4) / 256));
    // Twice the room: random points crowd more at times than they do at first.
    const neighbors = neighborList({ radius, box, capacityMultiplier: 2 });
    const rollout = jit((x: Tensor, list: NeighborList) =>
      scan(
        ([x, list]: readonly [Tensor, NeighborList]) => {
          const next = neighbors.update(x, list);
          return [[tf.add(x, tf.tensor2d(moves)), next] as const, { ...next }];
        },
        [x, list] as const,
        null,
        { length: steps(8, 40) },
      )
    );
    const [[, last], lists] = rollout(asTensor(points), neighbors.allocate(points));
    assertEquals(didOverflow(last), false, `${count} points, ${dim} dimensions, box ${box}`);
    for (let step = 0; step < steps(8, 40); step++) {
      const at = points.map((row, i) => row.map((x, axis) => x + step * moves[i]![axis]!));
      const list = { ...lists };
      const row = (name: "senders" | "receivers" | "positions" | "numEdges"): Tensor =>
        tf.unstack(lists[name])[step]!;
      const here = {
        ...list,
        senders: row("senders"),
        receivers: row("receivers"),
        positions: row("positions"),
        numEdges: row("numEdges"),
      };
      assertEquals(here.positions.arraySync(), at);
      assertEquals(edgesOf(here), edgeList(radiusGraph(at, radius, { box })).sort());
    }
  }
});

forEachEngine("neighborList() says that edges do not fit, and keeps saying it", () => {
  for (const { dim, box, count, radius } of CASES) {
    const points = latticePoints(count, dim, 4);
    const neighbors = neighborList({ radius, box });
    const list = neighbors.allocate(points);
    const crowded = neighbors.update(tf.mul(asTensor(points), 0.25), list);
    assertEquals(didOverflow(crowded), true);
    const found = radiusGraph(points.map((row) => row.map((x) => x / 4)), radius, { box });
    assert(found.senders.length > list.senders.size, "more edges than room");
    const spread = neighbors.update(asTensor(points), crowded);
    assertEquals(didOverflow(spread), true);
    assertEquals(edgesOf(spread), edgesOf(list));
    tf.dispose([{ ...list }, { ...crowded }, { ...spread }]);
  }
});

forEachEngine("neighborList() says so too where a cell is full but all edges would fit", () => {
  const points = latticePoints(400, 2, 5);
  const neighbors = neighborList({ radius: 9 / 256 });
  const list = neighbors.allocate(points);
  // Twenty in one place, and the others far from each other.
  const heap = points.map((_, i) => i < 20 ? [0, 0] : [i, i]);
  const edges = radiusGraph(heap, 9 / 256).senders.length;
  assertEquals([edges, edges < list.senders.size, list.grid.shape[4]! < 20], [380, true, true]);
  const found = neighbors.update(asTensor(heap), list);
  assertEquals(didOverflow(found), true);
});

forEachEngine(
  "neighborList() with bounds has cells enough for a drop that spreads on the floor",
  () => {
    const block = (columns: number): Rows =>
      Array.from(
        { length: 400 },
        (_, i) => [i % columns, Math.floor(i / columns)].map((k) => k * 3 / 256),
      );
    const [drop, layer] = [block(20), block(100)];
    const after = (bounds: [number, number][] | null): NeighborList => {
      const { allocate, update } = neighborList({ radius: 4 / 256, bounds });
      return update(asTensor(layer), allocate(drop));
    };
    assertEquals(didOverflow(after(null)), true);
    const list = after([[0, 1.2], [0, 1]]);
    assertEquals(didOverflow(list), false);
    assertEquals(edgesOf(list), edgeList(radiusGraph(layer, 4 / 256)).sort());
  },
);

forEachEngine("neighborList() says that positions are not finite", () => {
  for (const { dim, box, count, radius } of CASES) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const points = latticePoints(count, dim, 6);
      const neighbors = neighborList({ radius, box });
      const list = neighbors.allocate(points);
      points[3]![dim - 1] = bad;
      assertEquals(didOverflow(neighbors.update(asTensor(points), list)), true);
    }
  }
});

forEachEngine("neighborList() with a skin is made anew when a point has left it", () => {
  const points = latticePoints(60, 2, 7);
  for (const box of [null, 1]) {
    const neighbors = neighborList({ radius: 20 / 256, skin: 8 / 256, box, capacityMultiplier: 2 });
    const list = neighbors.allocate(points);
    assertEquals(edgesOf(list), edgeList(radiusGraph(points, 28 / 256, { box })).sort());
    const moved = (by: number): Tensor =>
      asTensor(points.map(([x, y], i) => i % 2 ? [x! + by, y!] : [x!, y!]));
    // Through the side of the box it is as near as before.
    const near = neighbors.update(moved(4 / 256), list);
    assertEquals(near.positions.arraySync(), points);
    assertEquals(edgesOf(near), edgesOf(list));
    if (box) assertEquals(neighbors.update(moved(252 / 256), list).positions.arraySync(), points);
    const far = neighbors.update(moved(5 / 256), list);
    assertEquals(far.positions.arraySync(), moved(5 / 256).arraySync());
    const expected = radiusGraph(moved(5 / 256), 28 / 256, { box });
    assertEquals(edgesOf(far), edgeList(expected).sort());
    assertEquals(didOverflow(neighbors.update(moved(NaN), list)), true);
  }
});

xlaTest("neighborList() with a skin misses no pair within the radius on the way", () => {
  const random = randomStream(8);
  const [radius, skin, count] = [20 / 256, 8 / 256, 60];
  let points = latticePoints(count, 2, 9);
  const neighbors = neighborList({ radius, skin, box: 1, capacityMultiplier: 2 });
  const update = jit(neighbors.update);
  let list = neighbors.allocate(points);
  let rebuilt = 0;
  for (let step = 0; step < 30; step++) {
    points = points.map((row) => row.map((x) => x + (random.integer(3) - 1) / 256));
    const next = update(asTensor(points), list);
    rebuilt += Number(String(next.positions.dataSync()) !== String(list.positions.dataSync()));
    list = next;
    const edges = new Set(edgesOf(list));
    const near = edgeList(radiusGraph(points, radius, { box: 1 }));
    assertEquals(near.filter((edge) => !edges.has(edge)), []);
    assert(near.every((edge) => {
      const [a, b] = edge.split(">").map((i) => points[Number(i)]!) as [number[], number[]];
      return squaredDistance(a, b, true) <= radius ** 2;
    }));
  }
  assert(rebuilt > 2 && rebuilt < 30, `made anew ${rebuilt} times`);
  assertEquals(didOverflow(list), false);
});

forEachEngine("neighborList() is a constant to gradients", () => {
  const points = latticePoints(30, 2, 10);
  const neighbors = neighborList({ radius: 0.25 });
  const list = neighbors.allocate(points);
  /** The sum of squared distances along edges; the list is made of the points themselves. */
  const energy = (make: (x: Tensor) => NeighborList) => (x: Tensor): Tensor => {
    const { senders, receivers } = make(x);
    const of = (ids: Tensor): Tensor => segmentGather(x, ids);
    return tf.sum(tf.square(tf.sub(of(senders), of(receivers))));
  };
  const through = grad(energy((x) => neighbors.update(x, list)))(asTensor(points));
  const around = grad(energy(() => list))(asTensor(points));
  assertEquals(through.arraySync(), around.arraySync());
  assert(tf.max(tf.abs(around)).dataSync()[0]! > 0);
});

forEachEngine("neighborList() of no points, or one, has no edges", () => {
  const neighbors = neighborList({ radius: 1, selfEdges: true });
  const none = neighbors.allocate(tf.zeros([0, 2]));
  assertEquals(neighbors.update(tf.zeros([0, 2]), none).senders.shape, [0]);
  const one = neighbors.allocate([[3, 4]]);
  assertEquals(edgesOf(neighbors.update(tf.tensor2d([[5, 6]]), one)), ["0>0"]);
  const alone = neighborList({ radius: 1 }).allocate([[3, 4]]);
  assertEquals([edgesOf(alone), didOverflow(alone)], [[], false]);
});

forEachEngine("neighborList() leaves no tensor behind but the list", () => {
  const neighbors = neighborList({ radius: 0.1 });
  const x = asTensor(latticePoints(50, 2, 11));
  const before = tf.memory().numTensors;
  const list = neighbors.allocate(x);
  assertEquals(tf.memory().numTensors, before + 6);
  const next = neighbors.update(x, list);
  tf.dispose({ ...list });
  assertEquals(edgesOf(next).length, next.numEdges.dataSync()[0]);
  assertEquals(tf.memory().numTensors, before + 6);
});

Deno.test("neighborList() says what is wrong with options, positions and lists", () => {
  const refuse = (call: () => unknown, error: typeof RangeError | typeof TypeError, text: string) =>
    assertThrows(call, error, text);
  refuse(
    () => neighborList({ radius: 0 }),
    RangeError,
    "Cannot make a neighbour list as radius must be a positive, finite length: got number 0",
  );
  refuse(
    () => neighborList({ radius: 1, skin: -1 }),
    RangeError,
    "Cannot make a neighbour list as skin must be 0 or a positive length: got number -1",
  );
  refuse(
    () => neighborList({ radius: 1, capacityMultiplier: 0.5 }),
    RangeError,
    "Cannot make a neighbour list as capacityMultiplier must be 1 or more: got number 0.5",
  );
  refuse(
    () => neighborList({ radius: 1, bounds: [[0, 1], [2, 1]] }),
    RangeError,
    "Cannot make a neighbour list as bounds are the lower and the upper end of each axis: axis 1 " +
      "has 2 and 1",
  );
  refuse(
    () => neighborList({ radius: 0.4, skin: 0.2, box: 1 }).allocate([[0]]),
    RangeError,
    "Cannot allocate a neighbour list as the radius must be less than half of a periodic box",
  );
  const neighbors = neighborList({ radius: 1 });
  const list = neighbors.allocate([[0, 0], [1, 1]]);
  refuse(
    () => neighbors.update(tf.zeros([3, 2]), list),
    TypeError,
    "Cannot update a neighbour list as it is of as many points: positions is [3, 2], the list was " +
      "allocated for [2, 2] (allocate another one)",
  );
  refuse(
    () => neighbors.update(tf.zeros([2, 2], "int32"), list),
    TypeError,
    "Cannot update a neighbour list as positions must be a float32 tensor: got int32 [2, 2]",
  );
  assertRefused([
    ...each("positions", JUNK, (bad) => neighbors.allocate(bad)),
    ...each("positions", JUNK, (bad) => neighbors.update(bad, list)),
    ...each("list", JUNK, (bad) => neighbors.update(tf.zeros([2, 2]), bad)),
    ...each("radius", JUNK, (bad) => neighborList({ radius: bad })),
    ...each("skin", JUNK, (bad) => neighborList({ radius: 1, skin: bad })),
    ...each("multiplier", JUNK, (bad) => neighborList({ radius: 1, capacityMultiplier: bad })),
    ["NaN", () => neighbors.allocate([[NaN, 0]]), "point 0 of positions is [NaN, 0]"],
  ]);
  tf.dispose({ ...list });
});

xlaTest("neighborList() allocates outside of jit", () => {
  const neighbors = neighborList({ radius: 1 });
  assertThrows(
    () => jit((x: Tensor) => neighbors.allocate(x).senders)(tf.zeros([2, 2])),
    Error,
    "Cannot allocate a neighbour list as it is made on the host: got a call inside jit (allocate " +
      "before jit, and pass the list in)",
  );
});
