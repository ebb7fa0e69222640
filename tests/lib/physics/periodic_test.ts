import * as tf from "@tensorflow/tfjs";
import { moveInside, shortestWay } from "../../../lib/physics/periodic.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("shortestWay() goes round the axes that are periodic", () => {
  const way = tf.tensor2d([[0.75, 2.5], [-0.75, -2.5], [0.25, 0]]);
  assertAllClose(shortestWay(way, [1, Infinity]), [[-0.25, 2.5], [0.25, -2.5], [0.25, 0]]);
  assertAllClose(shortestWay(way, 2), [[0.75, 0.5], [-0.75, -0.5], [0.25, 0]]);
  assertAllClose(shortestWay(way, null), way);
});

forEachEngine("moveInside() moves into the box, wherever its corner is", () => {
  const places = tf.tensor2d([[1.5, 9], [-0.5, -9], [0.25, 0]]);
  assertAllClose(moveInside(places, [1, Infinity], [0, 0]), [[0.5, 9], [0.5, -9], [0.25, 0]]);
  assertAllClose(moveInside(places, [1, Infinity], [1, 0]), [[1.5, 9], [1.5, -9], [1.25, 0]]);
});
