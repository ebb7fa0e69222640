/** Frames of a plate made into a sample: noise, world edges, and what follows. @module */
import * as tf from "@tensorflow/tfjs";
import type { WorldEdgeList, WorldEdgeListFns } from "../../spatial/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import { scan } from "../../transform/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { repeatMesh } from "../flow/graph.ts";
import { firstOrder } from "../integrator.ts";
import type { FlowMesh } from "../mesh_record.ts";
import { frameNoise, type FrameNoiseOptions } from "../noise.ts";
import { freeNodes, type PlateGraph, plateGraph } from "./graph.ts";
import type { PlateTrajectory } from "./trajectory.ts";

/** A trajectory and the frames of it to learn from. */
export type PlateBatch = PlateTrajectory & {
  /** int32 `[B]`, each from 0 to T - 2; the trajectory stays on the device. */
  readonly frames: Tensor;
};

/** B frames of a plate side by side, and what is to be predicted for them. */
export type PlateSample = {
  readonly mesh: FlowMesh;
  /** Features before normalisation, of B N nodes. */
  readonly graph: PlateGraph;
  /** The change of position, and the next stress as it is scaled, float32 `[B N, D + 1]`. */
  readonly target: Tensor;
  /** bool `[]`: whether world edges lacked room. */
  readonly didOverflow: Tensor;
};

/** The graph of noisy frames, and what follows them. */
export function plateSample(
  batch: PlateBatch,
  key: Tensor,
  noise: FrameNoiseOptions,
  edges: WorldEdgeListFns,
  toScale: (stress: Tensor) => Tensor,
): PlateSample {
  const { frames, worldPosition, stress } = batch;
  if (frames.dtype !== "int32" || frames.rank !== 1) {
    throw new TypeError(
      `Cannot take a sample of a plate as frames are a vector of indices: expected int32 [B], got ` +
        describe(frames),
    );
  }
  return tidy(() => {
    const [count, nodes, dimension] = [frames.shape[0]!, ...worldPosition.shape.slice(1)] as [
      ...[number, number, number],
    ];
    const mesh = repeatMesh(batch.mesh, count);
    const following = tf.add(frames, tf.scalar(1, "int32"));
    const pick = (x: Tensor, at: Tensor): Tensor =>
      tf.reshape(tf.gather(x, at), [count * nodes, x.shape[2]!]);
    const clean = { current: pick(worldPosition, frames), next: pick(worldPosition, following) };
    const { current, next } = frameNoise(key, clean, tf.squeeze(freeNodes(mesh), [1]), noise);
    const { didOverflow, ...touching } = findTouching(
      tf.reshape(current, [count, nodes, dimension]),
      batch.worldEdges,
      edges,
    );
    return {
      mesh,
      graph: plateGraph(mesh, { current, next, touching }),
      target: tf.concat(
        [firstOrder.target(next, current, current), toScale(pick(stress, following))],
        1,
      ),
      didOverflow,
    };
  });
}

/**
 * The world edges of several frames `[B, N, D]`, each with nodes of its own: those of a frame
 * follow those of the frames before, and what is left over names none at all. By `scan`, so that
 * the search is compiled once.
 */
function findTouching(frames: Tensor, room: WorldEdgeList, edges: WorldEdgeListFns) {
  const [count, nodes] = frames.shape as [number, number, number];
  const all = tf.scalar(count * nodes, "int32");
  const offsets = tf.mul(tf.range(0, count, 1, "int32"), tf.scalar(nodes, "int32"));
  const [, found] = scan(
    (
      list: WorldEdgeList,
      { frame, offset }: { readonly frame: Tensor; readonly offset: Tensor },
    ) => {
      const { senders, receivers, didOverflow } = edges.update(frame, list);
      const move = (ids: Tensor): Tensor =>
        tf.where(tf.less(ids, tf.scalar(nodes, "int32")), tf.add(ids, offset), all);
      return [list, { senders: move(senders), receivers: move(receivers), didOverflow }] as const;
    },
    room,
    { frame: frames, offset: offsets as Tensor },
  );
  const join = (ids: Tensor): Tensor => tf.reshape(ids, [-1]);
  return {
    senders: join(found.senders),
    receivers: join(found.receivers),
    didOverflow: tf.any(found.didOverflow) as Tensor,
  };
}
