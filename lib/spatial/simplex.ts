/** The point of a simplex that is nearest to another point. @module */

/** Where the nearest point lies. */
export interface Nearest {
  /** Squared. */
  readonly distance: number;
  /** The share of each corner: not negative, 1 in all. */
  readonly weights: readonly number[];
}

type Point = readonly number[];

const sub = (a: Point, b: Point): number[] => a.map((x, axis) => x - b[axis]!);
const dot = (a: Point, b: Point): number => a.reduce((sum, x, axis) => sum + x * b[axis]!, 0);

/** What a volume, relative to that of the edges, must exceed for a simplex not to be flat. */
const FLAT = 1e-12;

/**
 * The nearest point of a segment, triangle or tetrahedron.
 *
 * The barycentric coordinates of the projection onto the simplex' own plane are the answer where
 * none is negative. Else the nearest point lies on the face opposite to a corner of negative weight
 * (C. Ericson, Real-Time Collision Detection, 2004, chapter 5.1). A flat simplex is as good as its
 * faces.
 *
 * @param corners Two to four points; one is itself the nearest.
 */
export function nearestOnSimplex(point: Point, corners: readonly Point[]): Nearest {
  if (corners.length === 1) {
    const d = sub(point, corners[0]!);
    return { distance: dot(d, d), weights: [1] };
  }
  const projected = barycentric(point, corners);
  const outside = projected?.map((weight) => weight < 0) ?? corners.map(() => true);
  if (projected && !outside.includes(true)) {
    const d = point.map((x, axis) =>
      x - corners.reduce((sum, corner, i) => sum + projected[i]! * corner[axis]!, 0)
    );
    // A simplex of as many dimensions as the space holds the point itself.
    const isFull = corners.length === point.length + 1;
    return { distance: isFull ? 0 : dot(d, d), weights: projected };
  }
  let best: Nearest | null = null;
  outside.forEach((isOutside, i) => {
    if (!isOutside) return;
    const { distance, weights } = nearestOnSimplex(point, corners.toSpliced(i, 1));
    if (best === null || distance < best.distance) {
      best = { distance, weights: weights.toSpliced(i, 0, 0) };
    }
  });
  return best!;
}

/** Barycentric coordinates of a point's projection; null if the simplex is flat. */
function barycentric(point: Point, corners: readonly Point[]): number[] | null {
  const [origin, ...others] = corners as [Point, ...Point[]];
  const edges = others.map((corner) => sub(corner, origin));
  const gram = edges.map((a) => edges.map((b) => dot(a, b)));
  const shares = solve(gram, edges.map((edge) => dot(edge, sub(point, origin))));
  return shares && [1 - shares.reduce((a, b) => a + b), ...shares];
}

/** Solves a small symmetric system by Cramer's rule; null if it is singular. */
function solve(matrix: readonly Point[], right: Point): number[] | null {
  const whole = determinant(matrix);
  if (!(whole > FLAT * matrix.reduce((product, row, i) => product * row[i]!, 1))) return null;
  return right.map((_, column) =>
    determinant(matrix.map((row, i) => row.with(column, right[i]!))) / whole
  );
}

function determinant(m: readonly Point[]): number {
  if (m.length === 1) return m[0]![0]!;
  return m[0]!.reduce(
    (sum, x, column) =>
      sum + (column % 2 ? -x : x) * determinant(m.slice(1).map((row) => row.toSpliced(column, 1))),
    0,
  );
}
