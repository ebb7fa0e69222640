import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  jit,
  random,
  scan,
  type Tensor,
  type WorldEdgeList,
  worldEdgeList,
  worldEdges,
} from "../../../mod.ts";
import golden from "../../golden/spatial/golden.json" with { type: "json" };
import { forEachEngine } from "../../support/engines.ts";

const radius = 0.3;

/** Points in a square or a cube, and a mesh that joins each with the next two. */
function scene(count: number, dim: number, seed: number) {
  const positions = random.uniform(random.key(seed), [count, dim]);
  const ends = (step: number): number[] =>
    Array.from({ length: count }, (_, i) => (i + step) % count);
  return {
    positions,
    mesh: { senders: [...ends(1), ...ends(2)], receivers: [...ends(0), ...ends(0)] },
  };
}

/** The edges of a list, sorted, and what is left over, which must be nothing. */
function edgesOf({ senders, receivers, numEdges }: WorldEdgeList, count: number): string[] {
  const [from, to] = [[...senders.dataSync()], [...receivers.dataSync()]];
  const size = numEdges.dataSync()[0]!;
  assert([...from.slice(size), ...to.slice(size)].every((id) => id === count));
  assertEquals(to, to.toSorted((a, b) => a - b));
  return from.slice(0, size).map((id, e) => `${id}>${to[e]}`).sort();
}

function expected(positions: Tensor, mesh: ReturnType<typeof scene>["mesh"], box?: number) {
  const { senders, receivers } = worldEdges(
    positions,
    radius,
    mesh.senders,
    mesh.receivers,
    box ? { box } : {},
  );
  return [...senders].map((id, e) => `${id}>${receivers[e]}`).sort();
}

for (const [count, dim] of [[12, 2], [200, 2], [60, 3]] as const) {
  forEachEngine(`worldEdgeList() keeps worldEdges() as ${count} points move in ${dim}-D`, () => {
    const { positions, mesh } = scene(count, dim, count);
    for (const box of [undefined, 1]) {
      const edges = worldEdgeList({ radius, capacityMultiplier: 2, ...(box ? { box } : {}) });
      const list = edges.allocate(positions, mesh);
      assertEquals(edgesOf(list, count), expected(positions, mesh, box));
      const moved = random.uniform(random.key(7), [count, dim]);
      const next = jit(edges.update)(moved, list);
      assertEquals(next.didOverflow.dataSync()[0], 0);
      assertEquals(edgesOf(next, count), expected(moved, mesh, box));
    }
  });
}

forEachEngine("worldEdgeList() finds those of the golden folded sheet", () => {
  const { positions, radius, meshSenders, meshReceivers, senders, receivers } = golden.world;
  const mesh = { senders: meshSenders, receivers: meshReceivers };
  const list = worldEdgeList({ radius }).allocate(positions, mesh);
  const size = list.numEdges.dataSync()[0]!;
  assertEquals([...list.senders.dataSync()].slice(0, size), senders);
  assertEquals([...list.receivers.dataSync()].slice(0, size), receivers);
});

forEachEngine("a list goes round in a scan, and says for good when it lacked room", () => {
  const row = tf.tensor2d([[0, 0], [0.375, 0], [0.75, 0], [1.125, 0]]);
  const edges = worldEdgeList({ radius: 0.4, capacityMultiplier: 1 });
  const list = edges.allocate(row, { senders: [1], receivers: [0] });
  assertEquals([list.senders.shape, list.numEdges.dataSync()[0]], [[4], 4]);
  const roll = jit((list: WorldEdgeList) =>
    scan(
      (list: WorldEdgeList, scale: Tensor) => {
        const next = edges.update(tf.mul(row, scale), list);
        return [next, [next.numEdges, next.didOverflow]] as const;
      },
      list,
      tf.tensor1d([1, 2, 1, 0.5, 2]),
    )[1]
  );
  const [counts, didOverflow] = roll(list) as [Tensor, Tensor];
  assertEquals([...counts.dataSync()].toSpliced(3, 1), [4, 0, 4, 0]);
  assertEquals([...didOverflow.dataSync()], [0, 0, 0, 1, 1]);
});

forEachEngine("a list takes the shapes of another one, whose mesh is another", () => {
  const [a, b] = [scene(30, 2, 1), scene(30, 2, 2)];
  const edges = worldEdgeList({ radius, capacityMultiplier: 2 });
  const first = edges.allocate(a.positions, a.mesh);
  const mesh = { senders: [0, 5, 7], receivers: [3, 9, 2] };
  const second = edges.allocate(b.positions, mesh, first);
  assertEquals(edgesOf(second, 30), expected(b.positions, mesh));
  assertEquals(second.senders.shape, first.senders.shape);
  assertEquals(second.joined.shape, first.joined.shape);
});

Deno.test("worldEdgeList() says what it needs", () => {
  const edges = worldEdgeList({ radius });
  const points = [[0, 0], [1, 1]];
  assertThrows(
    () => edges.allocate(points, { senders: [0], receivers: [2] }),
    RangeError,
    "meshReceivers[0] is 2, there are 2 positions",
  );
  assertThrows(
    () => edges.update(tf.tensor2d(points), {} as never),
    TypeError,
    "Cannot update world edges as they must have been allocated: got",
  );
  const list = edges.allocate(
    Array.from({ length: 12 }, (_, i) => [i, 0]),
    { senders: [1], receivers: [0] },
  );
  const others = Array.from({ length: 9 }, (_, i) => i + 1);
  assertThrows(
    () =>
      edges.allocate(
        list.near.positions,
        { senders: others, receivers: others.map(() => 0) },
        list,
      ),
    RangeError,
    "a node is joined with 9 others, there is room for 8",
  );
  const none = edges.allocate([[0, 0]], { senders: [], receivers: [] });
  assertEquals([none.senders.shape, none.numEdges.dataSync()[0]], [[0], 0]);
});
