/** NumPy's rule of broadcasting. @module */
import { formatShape } from "../../base/mod.ts";

/**
 * The shape that two operands broadcast to, by NumPy's rule.
 *
 * @throws {TypeError} If they do not.
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((size, i) => {
    const other = i < offset ? 1 : short[i - offset]!;
    if (size === other || other === 1) return size;
    if (size === 1) return other;
    throw new TypeError(
      `Cannot combine tensors as their shapes must broadcast (trailing dimensions equal or 1): ` +
        `${formatShape(a)} and ${formatShape(b)}`,
    );
  });
}
