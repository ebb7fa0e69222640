import { assertEquals, assertThrows } from "@std/assert";
import { flowTrajectory } from "../../../../lib/physics/flow/trajectory.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { tinyFlow } from "./tiny_flow.ts";

const numbers = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync());

forEachEngine("flowTrajectory() gives the mesh, its edges and the velocities", () => {
  const { mesh, velocity } = flowTrajectory(tinyFlow(2));
  assertEquals(mesh.position.arraySync(), [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]);
  assertEquals(numbers(mesh.nodeType), [4, 4, 6, 0, 5, 5]);
  const [larger, smaller] = [[2, 3, 4, 5, 3, 3, 5, 5, 1], [0, 0, 2, 2, 2, 1, 4, 3, 0]];
  assertEquals(numbers(mesh.senders), [...larger, ...smaller]);
  assertEquals(numbers(mesh.receivers), [...smaller, ...larger]);
  assertEquals(velocity.shape, [2, 6, 2]);
  assertEquals(numbers(velocity)[2 * 9], Math.fround(1.3));
  assertEquals(numbers(mesh.nodeMask), [1, 1, 1, 1, 1, 1]);
  for (const ids of [mesh.nodeType, mesh.senders, mesh.receivers]) assertEquals(ids.dtype, "int32");
  for (const mask of [mesh.nodeMask, mesh.edgeMask]) assertEquals(mask.dtype, "bool");
});

forEachEngine("flowTrajectory() pads every frame with nodes that are walls, and masks them", () => {
  const { mesh, velocity } = flowTrajectory(tinyFlow(2), { padTo: { nodes: 8, edges: 20 } });
  const plain = flowTrajectory(tinyFlow(2));
  assertEquals(numbers(mesh.nodeType), [4, 4, 6, 0, 5, 5, 6, 6]);
  assertEquals(numbers(mesh.nodeMask), [1, 1, 1, 1, 1, 1, 0, 0]);
  assertEquals(numbers(mesh.senders), [...numbers(plain.mesh.senders), 7, 7]);
  assertEquals(numbers(mesh.receivers), [...numbers(plain.mesh.receivers), 7, 7]);
  assertEquals(numbers(mesh.edgeMask), [...new Array<number>(18).fill(1), 0, 0]);
  assertEquals(numbers(mesh.position).slice(12), [0, 0, 0, 0]);
  assertEquals(velocity.shape, [2, 8, 2]);
  assertEquals(numbers(velocity).slice(0, 12), numbers(plain.velocity).slice(0, 12));
  assertEquals(numbers(velocity).slice(16, 28), numbers(plain.velocity).slice(12));
  assertEquals(numbers(velocity).slice(12, 16), [0, 0, 0, 0]);
});

Deno.test("flowTrajectory() names the field that is missing or of another shape", () => {
  const text = "Cannot make a flow trajectory as";
  const { velocity: _, ...still } = tinyFlow();
  assertThrows(
    () => flowTrajectory(still),
    TypeError,
    `${text} velocity is an array [T, 6, 2]: got nothing`,
  );
  assertThrows(
    () => flowTrajectory({ ...tinyFlow(), node_type: { shape: [1, 5, 1], data: [0, 0, 0, 0, 0] } }),
    TypeError,
    `${text} node_type is an array [1, 6, 1]: got shape [1, 5, 1], 5 numbers`,
  );
  assertThrows(
    () => flowTrajectory({ ...tinyFlow(), cells: { shape: [1, 4, 3], data: [0, 1, 2] } }),
    TypeError,
    `${text} cells is an array [1, C, 3]: got shape [1, 4, 3], 3 numbers`,
  );
  const frames = [tinyFlow().velocity];
  assertThrows(
    () => flowTrajectory({ ...tinyFlow(), velocity: frames }),
    TypeError,
    `${text} velocity is an array [T, 6, 2]: got an array of 1`,
  );
  for (const nothing of [null, undefined, {}]) {
    assertThrows(
      () => flowTrajectory(nothing as never),
      TypeError,
      `${text} mesh_pos is an array [1, N, D]: got nothing`,
    );
  }
});

Deno.test("flowTrajectory() names the number that is not finite and the node that is not there", () => {
  const record = tinyFlow();
  const data = Float32Array.from(record.velocity.data);
  data[12 + 2 * 4 + 1] = NaN;
  assertThrows(
    () => flowTrajectory({ ...record, velocity: { ...record.velocity, data } }),
    RangeError,
    "Cannot make a flow trajectory as numbers are finite: velocity of node 4 in frame 1 is NaN",
  );
  assertThrows(
    () => flowTrajectory({ ...record, cells: { shape: [1, 1, 3], data: [0, 1, 6] } }),
    RangeError,
    "triangle 0 names node 6 of 6",
  );
});

Deno.test("flowTrajectory() refuses to pad to less than the mesh, or edges without a node", () => {
  const text =
    "Cannot pad a mesh as it must fit, with a node left where edges are padded: it has 6 " +
    "nodes and 18 edges, padTo is";
  for (const [nodes, edges] of [[5, 18], [6, 17], [6, 20]] as const) {
    assertThrows(
      () => flowTrajectory(tinyFlow(), { padTo: { nodes, edges } }),
      RangeError,
      `${text} ${nodes} nodes and ${edges} edges`,
    );
  }
});
