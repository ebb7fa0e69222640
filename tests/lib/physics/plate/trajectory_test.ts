import { assertEquals, assertThrows } from "@std/assert";
import { plateTrajectory, worldEdgeList } from "../../../../mod.ts";
import { assertLeavesBehind } from "../../../support/assert_leaves_behind.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { plate } from "../simulator_golden.ts";

const edges = worldEdgeList({ radius: plate.radius });
const { record } = plate;

forEachEngine(
  "plateTrajectory() has the edges of tetrahedra, and room for those that touch",
  () => {
    // Six tensors of the mesh, position and stress; a list: five of its own, six of what is near.
    const trajectory = assertLeavesBehind(19, () => plateTrajectory(record, edges));
    const { mesh, worldPosition, stress, worldEdges } = trajectory;
    // Nine edges of two tetrahedra that share a face, six of one: in both directions.
    assertEquals(mesh.senders.shape, [30]);
    assertEquals([worldPosition.shape, stress.shape], [[2, 9, 3], [2, 9, 1]]);
    assertEquals(worldEdges.senders.shape[0]! >= plate.numWorldEdges, true);
  },
);

forEachEngine("a plate that is padded alike shares the shapes of another", () => {
  const padTo = { nodes: 12, edges: 40 };
  const first = plateTrajectory(record, edges, { padTo });
  const second = plateTrajectory(record, edges, { padTo, room: first.worldEdges });
  assertEquals(second.worldEdges.senders.shape, first.worldEdges.senders.shape);
  assertEquals(second.worldEdges.joined.shape, first.worldEdges.joined.shape);
  assertEquals(
    second.worldEdges.numEdges.dataSync(),
    first.worldEdges.numEdges.dataSync(),
  );
});

Deno.test("plateTrajectory() says what is wrong with a record", () => {
  const { world_pos, stress } = record;
  const cases: [Record<string, unknown>, typeof RangeError | typeof TypeError, string][] = [
    [{ stress: undefined }, TypeError, "stress is an array [2, 9, 1]: got nothing"],
    [{ stress: { ...stress, shape: [1, 18, 1] } }, TypeError, "got shape [1, 18, 1], 18 numbers"],
    [{ world_pos: undefined }, TypeError, "world_pos is an array [T, 9, 3]: got nothing"],
    [
      { world_pos: { ...world_pos, data: Array.from(world_pos!.data).with(4, NaN) } },
      RangeError,
      "numbers are finite: world_pos of node 1 in frame 0 is NaN",
    ],
    [
      { stress: { ...stress, data: Array.from(stress!.data).with(10, Infinity) } },
      RangeError,
      "stress of node 1 in frame 1 is Infinity",
    ],
    [{ cells: { shape: [1, 1, 4], data: [0, 1, 2, 9] } }, RangeError, "names node 9"],
  ];
  for (const [change, type, message] of cases) {
    assertLeavesBehind(0, () => {
      assertThrows(() => plateTrajectory({ ...record, ...change }, edges), type, message);
    });
  }
});
