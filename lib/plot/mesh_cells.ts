/** Cells of a mesh that are no triangles, as triangles. @module */

/** Two triangles for each quad, along its first diagonal. */
export function splitQuads(quads: Int32Array): Int32Array {
  const triangles = new Int32Array(quads.length / 4 * 6);
  for (let q = 0; q < quads.length / 4; q++) {
    const [a, b, c, d] = quads.subarray(4 * q, 4 * q + 4) as unknown as number[];
    triangles.set([a!, b!, c!, a!, c!, d!], 6 * q);
  }
  return triangles;
}

/** The corners of a tetrahedron's faces, seen from outside, in VTK's numbering. */
const FACES = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]] as const;

/** The surface of a body of tetrahedra: the faces that belong to one of them only. */
export function surfaceOf(tetrahedra: Int32Array): Int32Array {
  const faces = new Map<string, number[] | null>();
  for (let at = 0; at < tetrahedra.length; at += 4) {
    for (const corners of FACES) {
      const face = corners.map((corner) => tetrahedra[at + corner]!);
      const key = face.toSorted((a, b) => a - b).join();
      faces.set(key, faces.has(key) ? null : face);
    }
  }
  return Int32Array.from([...faces.values()].flatMap((face) => face ?? []));
}
