/** The same motion in other ways: turned, seen by someone who moves, after another past. */
import type { ParticleWorld } from "@meshwork/meshwork";
import type { ParticleWindow } from "@meshwork/meshwork/datasets";

/** The frames that an input has, and the number of the first one to predict. */
export const GIVEN = 6;

/** What the earth adds to each velocity from frame to frame: 9.8 m/s² over 0.0025 s. */
export const GRAVITY = [0, -9.8 * 0.0025 ** 2];

/**
 * A window with all its coordinates moved: `to` is told where a particle is on each axis, the axis,
 * and the time, in frames from the last position; the target's is 1.
 */
function move(
  window: ParticleWindow,
  to: (at: (axis: number) => number, axis: number, time: number) => number,
): ParticleWindow {
  const moved = (
    { shape, data }: ParticleWindow["target"],
    timeOf: (row: number) => number,
  ): ParticleWindow["target"] => ({
    shape,
    data: data.map((_, i) => {
      const row = Math.floor(i / 2);
      return to((axis) => data[2 * row + axis]!, i % 2, timeOf(row));
    }),
  });
  return {
    ...window,
    positions: moved(window.positions, (row) => row % GIVEN - GIVEN + 1),
    target: moved(window.target, () => 1),
  };
}

/**
 * The same motion in a box that was turned or mirrored: one of 8 ways. What falls goes on falling
 * down, as the way of a free fall is taken away before, and given back.
 */
export function turn(
  window: ParticleWindow,
  { walls }: ParticleWorld,
  way: number,
): ParticleWindow {
  const middle = walls!.map(([low, high]) => (low + high) / 2);
  const swapped = way % 2;
  const signs = [1 - (way & 2), 1 - (way >> 1 & 2)];
  const fall = (axis: number, time: number): number => GRAVITY[axis]! * time ** 2 / 2;
  return move(window, (at, axis, time) => {
    const from = swapped ? 1 - axis : axis;
    const x = at(from) - fall(from, time) - middle[from]!;
    return (signs[axis]! < 0 ? -x : x) + fall(axis, time) + middle[axis]!;
  });
}

/** The same motion seen by someone who moves; as it is where walls, which do not, are near. */
export function pass(
  window: ParticleWindow,
  { walls, radius }: ParticleWorld,
  speed: readonly number[],
): ParticleWindow {
  let isFree = true;
  const isAway = (x: number, axis: number): boolean =>
    walls![axis]!.every((wall) => Math.abs(x - wall) > 2 * radius);
  const passed = move(window, (at, axis, time) => {
    const moved = at(axis) + speed[axis]! * time;
    isFree &&= isAway(at(axis), axis) && isAway(moved, axis);
    return moved;
  });
  return isFree ? passed : window;
}

/**
 * The same motion after a past with another pull: all velocities but the last one differ. What
 * falls has always fallen, so that a network would learn that forces last; then it keeps its own
 * errors, too, and they add up.
 */
export function jolt(window: ParticleWindow, pull: readonly number[]): ParticleWindow {
  return move(
    window,
    (at, axis, time) => at(axis) + (time > 0 ? 0 : pull[axis]! * time * (time + 1) / 2),
  );
}
