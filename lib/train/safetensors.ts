/**
 * Tensors in safetensors files: of the format's dtypes the three that tensors here have.
 *
 * @module
 */
import {
  type ArrayData,
  decodeSafetensorsContent,
  encodeSafetensorsContent,
  safetensorsHeader,
  SafetensorsProblem,
} from "../base/mod.ts";

/** The dtypes of tensors, by their names in the format. */
const DTYPES = {
  F32: { dtype: "float32", array: Float32Array },
  I32: { dtype: "int32", array: Int32Array },
  BOOL: { dtype: "bool", array: Uint8Array },
} as const;

type FormatDtype = keyof typeof DTYPES;

const SIZES: Readonly<Record<FormatDtype, number>> = { F32: 4, I32: 4, BOOL: 1 };

const FORMAT_DTYPES = { float32: "F32", int32: "I32", bool: "BOOL" } as const;

/** Values of a tensor: a `Uint8Array` of zeros and ones for bool. */
export type StoredValues = Float32Array | Int32Array | Uint8Array;

/** A tensor as plain data. */
export interface StoredTensor extends ArrayData<StoredValues> {
  readonly dtype: "float32" | "int32" | "bool";
}

/** The content of a file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Encodes tensors and metadata. Two calls with equal arguments give equal bytes. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const entries = new Map(
    Array.from(tensors, ([name, { dtype, shape, data }]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return [name, { dtype: FORMAT_DTYPES[dtype], shape, bytes }];
    }),
  );
  return encodeSafetensorsContent({ entries, metadata }, SIZES);
}

/**
 * The bytes of the header of a file.
 *
 * @throws {SyntaxError} If the file ends before its header does.
 */
export function headerBytes(file: Uint8Array, source: string): Uint8Array {
  return explained(source, () => safetensorsHeader(file));
}

/**
 * Decodes a file.
 *
 * @param source The file's name, for errors.
 * @throws {SyntaxError} If the bytes are no safetensors file: cut short, damaged, or of another
 * kind; the message names file and place.
 * @throws {TypeError} If a tensor has a dtype that tensors here cannot have.
 */
export function decodeSafetensors(file: Uint8Array, source: string): Safetensors {
  const { entries, metadata } = explained(source, () => decodeSafetensorsContent(file, SIZES));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype: formatDtype, shape, bytes }] of entries) {
    const { dtype, array } = DTYPES[formatDtype as FormatDtype];
    // A copy, for typed arrays must start at a multiple of their element's size.
    tensors.set(name, { dtype, shape, data: new array(bytes.slice().buffer) });
  }
  return { tensors, metadata };
}

const REMEDIES = {
  cut: "it was cut short: use an earlier checkpoint, or copy it again",
  damage: "it is damaged: use an earlier checkpoint, or copy it again",
  file: "it is damaged, or no safetensors file",
} as const;

/** What an action gives; a problem becomes an error that names the file and the remedy. */
function explained<T>(source: string, action: () => T): T {
  try {
    return action();
  } catch (problem) {
    if (!(problem instanceof SafetensorsProblem)) throw problem;
    const { rule, kind, cause } = problem;
    if (kind === "dtype") {
      throw new TypeError(
        `Cannot read ${source} as tensors are float32, int32 or bool (F32, I32, BOOL): ${rule} ` +
          `(convert it before saving, or save it again if the file is damaged)`,
      );
    }
    throw new SyntaxError(`Cannot read ${source} as ${rule} (${REMEDIES[kind]})`, { cause });
  }
}
