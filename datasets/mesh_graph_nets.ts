/**
 * Data sets in the format of MeshGraphNets (Pfaff et al., "Learning Mesh-Based Simulation with
 * Graph Networks", ICLR 2021): a meta.json and a TFRecord file a split, each record one trajectory.
 *
 * @module
 */
import { sizeOf } from "../lib/base/mod.ts";
import { type DataArray, fromBytes, itemSize } from "./array.ts";
import { dataFolder } from "./data_folder.ts";
import { type DataSet, readRecords, splitDataSet } from "./data_set.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { decodeExample, type Example } from "./formats/example.ts";
import { type TfRecord, TFRECORD_HEADER_SIZE } from "./formats/tfrecord.ts";
import {
  type FieldSpec,
  isLengthField,
  lengthField,
  type MeshGraphNetsMetadata,
  parseMeshGraphNetsMetadata,
} from "./mesh_graph_nets_metadata.ts";

/**
 * One trajectory: field name to array. Static fields are `[1, ...]`, dynamic ones `[T, ...]` (T
 * frames); a dynamic_varlen field is a list with an array a frame.
 */
export type MeshTrajectory = { [field: string]: DataArray | DataArray[] };

/** A split of a MeshGraphNets data set. */
export type MeshGraphNetsDataSet = DataSet<MeshGraphNetsMetadata, MeshTrajectory>;

/**
 * Opens a split of a data set in MeshGraphNets' format. Opening reads the metadata; trajectories
 * stream with each `for await`.
 *
 * Arrays have the shapes of DeepMind's own reader (`meshgraphnets/dataset.py`), except that a
 * static field comes once, as `[1, ...]`, and is not tiled over the frames. The `length_*` fields,
 * which only cut dynamic_varlen fields into frames, are not shown.
 *
 * @param folderOrUrl The folder: a path, or a `file:`, `http:` or `https:` address.
 * @param split `train`, `valid`, `test`, or whatever the file `<split>.tfrecord` is called.
 * @returns The data set; iterating it throws a {@linkcode DataFormatError} at the first bad record.
 * @throws {DataNotFoundError} If the folder has no meta.json or no such split; the message lists
 * the splits.
 * @throws {DataFormatError} If meta.json does not describe a data set.
 *
 * @example
 * ```ts
 * import { openMeshGraphNets, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const flow = await openMeshGraphNets(sampleUrl("cylinder_flow_mini"), "valid");
 * assertEquals(flow.metadata.dt, 0.01);
 * for await (const trajectory of flow) {
 *   assertEquals(Object.keys(trajectory), flow.metadata.field_names);
 * }
 * ```
 */
export function openMeshGraphNets(
  folderOrUrl: string | URL,
  split: string,
): Promise<MeshGraphNetsDataSet> {
  return splitDataSet(dataFolder(folderOrUrl), split, {
    name: "MeshGraphNets",
    metadataFile: "meta.json",
    parseMetadata: parseMeshGraphNetsMetadata,
    ...readRecords((record, metadata: MeshGraphNetsMetadata, file) =>
      decodeTrajectory(record, metadata.features, file)
    ),
    describe,
  });
}

function decodeTrajectory(
  record: TfRecord,
  features: MeshGraphNetsMetadata["features"],
  file: string,
): MeshTrajectory {
  const place = { file, record: record.index, byteOffset: record.byteOffset };
  const example = decodeExample(record.data, {
    ...place,
    byteOffset: record.byteOffset + TFRECORD_HEADER_SIZE,
  });
  const fail = (problem: string, remedy: string): DataFormatError =>
    new DataFormatError(
      `Cannot read record ${place.record} at byte ${place.byteOffset} of ${file} as a MeshGraphNets ` +
        `trajectory: ${problem} (${remedy})`,
      place,
    );
  const shown = Object.entries(features).filter(([name]) => !isLengthField(name, features));
  return Object.fromEntries(shown.map(([name, spec]) => [
    name,
    spec.type === "dynamic_varlen"
      ? decodeFrames(name, spec, example, fail)
      : decodeField(name, spec, example, fail),
  ]));
}

type Fail = (problem: string, remedy: string) => DataFormatError;

function decodeField(name: string, spec: FieldSpec, example: Example, fail: Fail): DataArray {
  const parts = bytesOf(name, example, fail);
  return { shape: shapeOf(name, spec, parts, fail), data: fromBytes(parts, spec.dtype) };
}

/**
 * The bytes of a field, most often one value; several are parts of equal size, as in
 * `tf.io.decode_raw`.
 */
function bytesOf(name: string, example: Example, fail: Fail): Uint8Array[] {
  const feature = example.get(name);
  if (feature === undefined) {
    throw fail(
      `field "${name}" is missing: expected the fields of meta.json, got ` +
        ([...example.keys()].join(", ") || "none"),
      "take it out of meta.json, or write the record with it",
    );
  }
  if (!Array.isArray(feature) || feature.length === 0) {
    const actual = feature instanceof Float32Array ? "floats" : "integers";
    throw fail(
      `field "${name}": expected raw bytes, got ${feature.length === 0 ? "no value" : actual}`,
      "store the little-endian bytes of the array as a bytes feature",
    );
  }
  const size = feature[0]!.length;
  const other = feature.find((part) => part.length !== size);
  if (other) {
    throw fail(
      `field "${name}": expected bytes values of one size, got ${size} and ${other.length} bytes`,
      "store the whole array as one value",
    );
  }
  return feature;
}

/** The field's shape, its -1 inferred from the number of bytes. */
function shapeOf(name: string, spec: FieldSpec, parts: readonly Uint8Array[], fail: Fail) {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const fixed = sizeOf(spec.shape.filter((size) => size !== -1)) * itemSize(spec.dtype);
  const inferred = bytes / fixed;
  const isFree = spec.shape.includes(-1);
  if (isFree ? Number.isInteger(inferred) : inferred === 1) {
    return spec.shape.map((size) => size === -1 ? inferred : size);
  }
  const expected = isFree ? `a multiple of ${fixed} bytes` : `${fixed} bytes`;
  throw fail(
    `field "${name}": expected ${expected} for ${spec.dtype} of shape [${
      spec.shape.join(", ")
    }], ` +
      `got ${bytes} bytes`,
    "correct its shape or dtype in meta.json, or write the record again",
  );
}

/** Cuts a dynamic_varlen field into frames. */
function decodeFrames(name: string, spec: FieldSpec, example: Example, fail: Fail): DataArray[] {
  const parts = bytesOf(name, example, fail);
  const [rows, ...rest] = shapeOf(name, spec, parts, fail);
  const lengthName = lengthField(name);
  const lengths = decodeField(
    lengthName,
    { type: "dynamic", shape: [-1], dtype: "int32" },
    example,
    fail,
  ).data as Int32Array;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const negative = lengths.find((length) => length < 0);
  if (total !== rows || negative !== undefined) {
    const actual = negative === undefined ? `a sum of ${total}` : `a length of ${negative}`;
    throw fail(
      `field "${lengthName}": expected lengths that sum to the ${rows} rows of "${name}", got ${actual}`,
      "write the number of rows of each frame as int32",
    );
  }
  const data = fromBytes(parts, spec.dtype);
  const rowSize = sizeOf(rest);
  let begin = 0;
  return Array.from(lengths, (length) => {
    const end = begin + length * rowSize;
    const frame = { shape: [length, ...rest], data: data.slice(begin, end) };
    begin = end;
    return frame;
  });
}

function describe({ features, ...metadata }: MeshGraphNetsMetadata): string[] {
  const { simulator, dt, trajectory_length: frames } = metadata;
  const fields = Object.entries(features).filter(([name]) => !isLengthField(name, features));
  const width = Math.max(...fields.map(([name]) => name.length), 0);
  return [
    `${frames} frames a trajectory, dt ${dt ?? "unknown"} s, simulator ${simulator ?? "unknown"}`,
    ...fields.map(([name, { type, shape, dtype }]) =>
      `  ${name.padEnd(width)}  ${type.padEnd(14)}  ${dtype.padEnd(7)}  [${
        shape.map((size) => size === -1 ? "any" : size).join(", ")
      }]`
    ),
  ];
}
