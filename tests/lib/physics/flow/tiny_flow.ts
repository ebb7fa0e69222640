/** A tiny flow to test with: six nodes, four triangles, a few frames. @module */
import type { FlowRecord } from "../../../../lib/physics/flow/trajectory.ts";

/**
 * A channel of two squares, each cut in two: inflow at the left, outflow at the right, a wall node
 * below and a free node above in the middle.
 *
 *     1 -- 3 -- 5
 *     |  / |  / |
 *     0 -- 2 -- 4
 */
export function tinyFlow(frames = 4): FlowRecord {
  const velocity: number[] = [];
  for (let t = 0; t < frames; t++) {
    for (let node = 0; node < 6; node++) {
      const moves = node >= 3;
      velocity.push(1 + (moves ? 0.1 * t * node : 0), moves ? 0.05 * t * t - 0.2 * node : 0);
    }
  }
  return {
    cells: { shape: [1, 4, 3], data: [0, 2, 3, 0, 3, 1, 2, 4, 5, 2, 5, 3] },
    mesh_pos: { shape: [1, 6, 2], data: [0, 0, 0, 1, 1, 0, 1, 1, 2, 0, 2, 1] },
    node_type: { shape: [1, 6, 1], data: [4, 4, 6, 0, 5, 5] },
    velocity: { shape: [frames, 6, 2], data: velocity },
  };
}
