/** Bodies and their motion: from records of a data set to tensors. @module */
import * as tf from "@tensorflow/tfjs";
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../../base/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";

/** What stays the same of one or several systems of bodies. */
export type BodiesGraph = {
  /** float32 `[N, 1]`. */
  readonly mass: Tensor;
  /** What is known of each pair, such as the constant of a spring, float32 `[E, F]`. */
  readonly edges: Tensor;
  /** int32 `[E]`; each pair has an edge either way. */
  readonly senders: Tensor;
  /** int32 `[E]`. */
  readonly receivers: Tensor;
};

/** Bodies and their motion, on the device. */
export type BodiesFrames = {
  readonly graph: BodiesGraph;
  /** float32 `[T, N, D]`. */
  readonly position: Tensor;
  /** float32 `[T, N, D]`. */
  readonly momentum: Tensor;
};

/** A system of bodies, as `simulateBodies` gives it. */
export interface BodiesRecord {
  /** `[N, 1]`. */
  readonly mass: ArrayData;
  /** `[E, F]`. */
  readonly strength: ArrayData;
  /** `[E]`: the body that each edge comes from. */
  readonly senders: ArrayLike<number>;
  /** `[E]`: the body that each edge goes to. */
  readonly receivers: ArrayLike<number>;
  /** `[T, N, D]`. */
  readonly position: ArrayData;
  /** `[T, N, D]`. */
  readonly momentum: ArrayData;
}

/**
 * Puts systems of bodies on the device, side by side as one: no edge joins two of them.
 *
 * @param records Systems of as many frames.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing, or systems do not fit together.
 * @throws {RangeError} If there is no system, an edge names a body that is not there, or a number
 * is not finite.
 *
 * @example
 * ```ts
 * import { bodiesFrames } from "@meshwork/meshwork";
 * import { simulateBodies } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const systems = [1, 2].map((seed) => simulateBodies({ numFrames: 3, seed }));
 * const { graph, position } = bodiesFrames(systems);
 * assertEquals(position.shape, [3, 10, 2]);
 * assertEquals(graph.edges.shape, [40, 1]);
 * ```
 */
export function bodiesFrames(records: readonly BodiesRecord[]): BodiesFrames {
  if (!(Array.isArray(records) && records.length > 0)) {
    throw new RangeError(
      `Cannot put bodies on the device as there is one system or more: got ${describe(records)}`,
    );
  }
  records.forEach((record, i) => checkRecord(record, i, records[0]!));
  const offsets: number[] = [];
  let bodies = 0;
  for (const { mass } of records) {
    offsets.push(bodies);
    bodies += mass.shape[0]!;
  }
  const join = (field: "mass" | "strength" | "position" | "momentum", axis: number): Tensor =>
    tf.tidy(() =>
      tf.concat(
        records.map(({ [field]: { shape, data } }) =>
          tf.tensor(Float32Array.from(data), [...shape], "float32")
        ),
        axis,
      )
    );
  const ends = (field: "senders" | "receivers"): Tensor =>
    tf.tensor1d(
      records.flatMap((record, i) =>
        Array.from(record[field] as ArrayLike<number>, (id) => id + offsets[i]!)
      ),
      "int32",
    );
  return {
    graph: {
      mass: join("mass", 0),
      edges: join("strength", 0),
      senders: ends("senders"),
      receivers: ends("receivers"),
    },
    position: join("position", 1),
    momentum: join("momentum", 1),
  };
}

function checkRecord(record: BodiesRecord, i: number, first: BodiesRecord): void {
  const [frames = "T", , dimension = "D"] = first?.position?.shape ?? [];
  const bodies = record?.mass?.shape?.[0] ?? "N";
  const edges = record?.senders?.length ?? "E";
  const expected = {
    mass: [bodies, 1],
    strength: [edges, first?.strength?.shape?.[1] ?? "F"],
    position: [frames, bodies, dimension],
    momentum: [frames, bodies, dimension],
  };
  for (const [name, shape] of Object.entries(expected)) {
    const array: unknown = record?.[name as keyof BodiesRecord];
    const fits = isArrayData(array) && array.data.length === sizeOf(array.shape) &&
      formatShape(array.shape) === formatShape(shape);
    if (fits) {
      checkFinite(name, i, array as ArrayData);
      continue;
    }
    throw new TypeError(
      `Cannot put bodies on the device as systems have one kind of field: ${name} of system ${i} ` +
        `is ${isArrayData(array) ? formatShape(array.shape) : describe(array)}, expected ` +
        formatShape(shape),
    );
  }
  for (const name of ["senders", "receivers"] as const) {
    const ids = Array.from(record[name] ?? []);
    const isBody = (id: number): boolean => Number.isInteger(id) && id >= 0 && id < Number(bodies);
    const wrong = ids.findIndex((id) => !isBody(id));
    if (ids.length === Number(edges) && wrong < 0) continue;
    throw new RangeError(
      `Cannot put bodies on the device as edges join bodies: ${name} of system ${i} has ` +
        (wrong < 0
          ? `${ids.length} ends, expected ${edges}`
          : `${ids[wrong]} at ${wrong}, there are ${bodies} bodies`),
    );
  }
}

function checkFinite(name: string, system: number, { data }: ArrayData): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new RangeError(
      `Cannot put bodies on the device as numbers are finite: number ${i} of ${name} of system ` +
        `${system} is ${data[i]}`,
    );
  }
}
