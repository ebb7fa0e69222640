/** The taps of a small window: for each of its places, what all windows see there. @module */
import { hlo, type HloNode } from "../hlo/mod.ts";

/** A window over the spatial dimensions of `[batch, ...spatial, channels]`. */
export interface TapDims {
  readonly size: readonly number[];
  readonly dilation: readonly number[];
  readonly stride: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly output: readonly number[];
}

/** The coordinates of a window's places, in row-major order. */
export function placesOf(size: readonly number[]): number[][] {
  return size.reduce<number[][]>(
    (places, n) => places.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])),
    [[]],
  );
}

/** One `[batch, ...output, channels]` for each place of the window; padding holds `outside`. */
export function tapsOf(x: HloNode, outside: HloNode, dims: TapDims): HloNode[] {
  const { size, dilation, stride, low, high, output } = dims;
  const padded = hlo.pad(x, outside, [0, ...low, 0], [0, ...high, 0]);
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  return placesOf(size).map((at) =>
    hlo.slice(
      padded,
      [0, ...at.map((i, d) => i * dilation[d]!), 0],
      [batch, ...output, channels],
      [1, ...stride, 1],
    )
  );
}

/** The transpose of one tap: puts `[batch, ...output, channels]` back where the tap was taken. */
export function untap(
  x: HloNode,
  at: readonly number[],
  shape: readonly number[],
  dims: TapDims,
): HloNode {
  const { dilation, stride, low } = dims;
  const start = at.map((i, d) => i * dilation[d]! - low[d]!);
  return hlo.pad(
    x,
    hlo.like(x, 0),
    [0, ...start, 0],
    [
      0,
      ...start.map((before, d) =>
        shape[d + 1]! - before - ((x.shape[d + 1]! - 1) * stride[d]! + 1)
      ),
      0,
    ],
    [0, ...stride.map((n) => n - 1), 0],
  );
}
