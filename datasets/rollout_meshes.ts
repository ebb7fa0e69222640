/** The frames of a rollout as meshes, to be written. @module */
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../lib/base/mod.ts";
import type { CellType } from "../lib/spatial/mod.ts";
import { describe } from "../lib/tree/mod.ts";
import type { MeshToWrite } from "./formats/mesh_to_write.ts";
import type { MeshCells } from "./formats/mesh.ts";

/** What a rollout gave, and the mesh that it is of. */
export interface RolloutToWrite {
  /** Where points are: `[T, N, D]` of T frames, or `[N, D]` or `[1, N, D]` where they stay. */
  readonly position: ArrayData;
  /**
   * The cells between them, as a record has them, `[1, C, k]`: triangles, or tetrahedra (quads in
   * the plane); or those of a mesh that was read. None by default: particles.
   */
  readonly cells?: ArrayData | readonly MeshCells[];
  /** Values of points by name, `[T, N, k]` or `[T, N]`, such as velocity or stress. */
  readonly fields?: Readonly<Record<string, ArrayData>>;
}

/**
 * The frames of a rollout as meshes, one after another: what {@linkcode writeVtkSeries} writes.
 *
 * @param rollout Positions, cells, fields. The array of a tensor `x` is `{shape: x.shape, data:
 * await x.data()}`.
 * @throws {TypeError} If shapes do not fit each other.
 *
 * @example A triangle that moves and grows hot
 * ```ts
 * import { rolloutMeshes, writeVtkSeries } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const position = { shape: [2, 3, 2], data: [0, 0, 1, 0, 0, 1, 5, 0, 6, 0, 5, 1] };
 * const cells = { shape: [1, 1, 3], data: [0, 1, 2] };
 * const heat = { shape: [2, 3], data: [0, 0, 0, 1, 2, 3] };
 * const frames = rolloutMeshes({ position, cells, fields: { heat } });
 * assertEquals((await writeVtkSeries(`${folder}/hot`, frames, { dt: 0.1 })).length, 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function* rolloutMeshes(
  { position, cells = [], fields = {} }: RolloutToWrite,
): Generator<MeshToWrite> {
  const [places, points, dimension] = shapeOf(position);
  const values = Object.entries(fields);
  const frames = values.length > 0 ? values[0]![1]?.shape?.[0] ?? 0 : places;
  if (places !== 1 && places !== frames) {
    throw new TypeError(
      `Cannot make meshes of a rollout as positions are of each frame or of all: they are of ${places}, ` +
        `${values[0]![0]} of ${frames}`,
    );
  }
  for (const [name, field] of values) checkField(name, field, frames, points);
  const blocks = readCells(cells, dimension);
  for (let frame = 0; frame < frames; frame++) {
    yield {
      points: rowsOf(position, points * dimension, places === 1 ? 0 : frame, [points, dimension]),
      cells: blocks,
      pointData: Object.fromEntries(values.map(([name, field]) => {
        const shape = field.shape.slice(1);
        return [name, rowsOf(field, sizeOf(shape), frame, shape)];
      })),
    };
  }
}

/** The numbers of a frame. */
function rowsOf({ data }: ArrayData, size: number, frame: number, shape: readonly number[]) {
  const values = Float32Array.from({ length: size }, (_, i) => data[frame * size + i]!);
  return { shape: [...shape], data: values };
}

function shapeOf(position: ArrayData): [frames: number, points: number, dimension: number] {
  const shape = position?.shape ?? [];
  if (isArrayData(position) && position.data.length === sizeOf(shape)) {
    if (shape.length === 3) return shape as unknown as [number, number, number];
    if (shape.length === 2) return [1, ...shape] as [number, number, number];
  }
  throw new TypeError(
    `Cannot make meshes of a rollout as positions are an array [T, N, D]: got ${
      formatShape(shape)
    }, ` +
      `${position?.data?.length ?? "no"} numbers`,
  );
}

function checkField(name: string, field: ArrayData, frames: number, points: number): void {
  const [count, rows] = field?.shape ?? [];
  const fits = isArrayData(field) && count === frames && rows === points &&
    field.data.length === sizeOf(field.shape);
  if (fits) return;
  throw new TypeError(
    `Cannot make meshes of a rollout as fields are of each frame and point: ${name} is ${
      formatShape(field?.shape ?? [])
    }, ` +
      `expected [${frames}, ${points}, ...]`,
  );
}

function readCells(cells: ArrayData | readonly MeshCells[], dimension: number): MeshCells[] {
  if (Array.isArray(cells) && cells.every((block) => isArrayData(block) && "type" in block)) {
    return cells.map((block) => block as unknown as MeshCells);
  }
  const shape = isArrayData(cells) ? cells.shape : [];
  const corners = shape.at(-1)!;
  if (!isArrayData(cells) || shape.length !== 3 || shape[0] !== 1 || ![3, 4].includes(corners)) {
    throw new TypeError(
      `Cannot make meshes of a rollout as cells are an array [1, C, 3] or [1, C, 4], or those of a mesh: got ` +
        (isArrayData(cells) ? formatShape(shape) : describe(cells)),
    );
  }
  const type: CellType = corners === 3 ? "triangle" : dimension === 2 ? "quad" : "tetra";
  return [{ type, shape: [shape[1]!, corners], data: Int32Array.from((cells as ArrayData).data) }];
}
