import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { firstOrder, secondOrder } from "../../../lib/physics/integrator.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("firstOrder adds the change of velocity", () => {
  const [current, next, other] = [tf.scalar(3), tf.scalar(5), tf.scalar(100)];
  assertEquals(firstOrder.target(next, current, other).dataSync()[0], 2);
  assertEquals(firstOrder.step(tf.scalar(2), current, other).dataSync()[0], 5);
});

forEachEngine("secondOrder moves a falling body on a parabola", () => {
  const gravity = tf.scalar(-2);
  let [previous, current]: tf.Tensor[] = [tf.scalar(0), tf.scalar(7)];
  const heights: number[] = [];
  for (let frame = 0; frame < 4; frame++) {
    [previous, current] = [current!, secondOrder.step(gravity, current!, previous!)];
    heights.push(current!.dataSync()[0]!);
  }
  assertEquals(heights, [12, 15, 16, 15]);
  const target = secondOrder.target(tf.scalar(15), tf.scalar(16), tf.scalar(15));
  assertEquals(target.dataSync()[0], -2);
});
