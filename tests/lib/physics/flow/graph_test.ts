import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { flowGraph, repeatMesh } from "../../../../lib/physics/flow/graph.ts";
import { flowTrajectory } from "../../../../lib/physics/flow/trajectory.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { tinyFlow } from "./tiny_flow.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

forEachEngine("flowGraph() has velocity and one-hot type on nodes, in this order", () => {
  const { mesh, velocity } = flowTrajectory(tinyFlow());
  const frame = tf.reshape(tf.slice(velocity, [1, 0, 0], [1, 6, 2]), [6, 2]);
  const { nodes } = flowGraph(mesh, frame);
  assertEquals(nodes.shape, [6, 11]);
  const row = numbers(nodes).slice(3 * 11, 4 * 11);
  assertEquals(row, [Math.fround(1.3), Math.fround(0.05 - 0.6), 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(numbers(nodes).slice(4 * 11 + 2, 5 * 11), [0, 0, 0, 0, 0, 1, 0, 0, 0]);
});

forEachEngine("flowGraph() has sender minus receiver and the distance on edges", () => {
  const { mesh } = flowTrajectory(tinyFlow());
  const graph = flowGraph(mesh, tf.zeros([6, 2]));
  const position = mesh.position.arraySync() as number[][];
  const [senders, receivers] = [numbers(graph.senders), numbers(graph.receivers)];
  const rows = graph.edges.arraySync() as number[][];
  assertEquals(graph.edges.shape, [18, 3]);
  rows.forEach(([dx, dy, distance], e) => {
    const [sender, receiver] = [position[senders[e]!]!, position[receivers[e]!]!];
    assertEquals([dx, dy], [sender[0]! - receiver[0]!, sender[1]! - receiver[1]!]);
    assertAlmostEquals(distance!, Math.hypot(dx!, dy!), 1e-6);
  });
  assertEquals([numbers(graph.nNode), numbers(graph.nEdge)], [[6], [18]]);
});

forEachEngine("repeatMesh() puts copies side by side without edges between them", () => {
  const { mesh } = flowTrajectory(tinyFlow());
  const twice = repeatMesh(mesh, 2);
  assertEquals(twice.position.shape, [12, 2]);
  const senders = numbers(mesh.senders);
  assertEquals(numbers(twice.senders), [...senders, ...senders.map((id) => id + 6)]);
  assertEquals(numbers(twice.nodeType), [...numbers(mesh.nodeType), ...numbers(mesh.nodeType)]);
  assertEquals([twice.senders.dtype, twice.nodeMask.dtype], ["int32", "bool"]);
  assertEquals(twice.nodeMask.shape, [12]);
});
