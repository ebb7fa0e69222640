/** Checkpoints: trees of tensors in files that other programs can read too. @module */
import * as tf from "@tensorflow/tfjs";
import { replaceFile } from "../base/mod.ts";
import { describe, type Tensor, type Tree, treeFlatten, treePaths } from "../tree/mod.ts";
import { readFile } from "./read_file.ts";
import { decodeSafetensors, type StoredTensor } from "./safetensors.ts";
import { checkSeal, damaged, NO_HASH, OWN, seal } from "./seal.ts";
import { buildTree, describeTree, type Structure, uniqueNames } from "./tree_names.ts";

/** Facts to be saved beside the tree: anything that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json;
};

/** Options of {@linkcode saveCheckpoint}. */
export interface SaveCheckpointOptions {
  /** Facts to keep with the tree; strings are readable by other programs as they are. */
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** The content of a checkpoint, as {@linkcode loadCheckpoint} finds it. */
export interface Checkpoint<T = Tree> {
  /** The tree that was saved, each tensor with its dtype. */
  readonly tree: T;
  /** The facts that were saved beside it; empty if none were. */
  readonly metadata: Record<string, Json>;
}

/** The JSON of the entry {@linkcode OWN}. */
interface Own {
  /** Of the whole file, with zeros in its own place, in hexadecimal. */
  readonly sha256: string;
  /** Names of the metadata that are JSON; the others are strings. */
  readonly json: readonly string[];
  readonly structure: Structure;
}

/**
 * Saves a tree of tensors as a safetensors file.
 *
 * The file is written beside, as `path.<process>.part`, flushed to the disk, and then takes the
 * place of the former one. So a kill or a full disk while saving never loses what was saved before.
 * Tensors are named by their paths in the tree; any safetensors library reads them by these names.
 *
 * @param path Where to; by custom it ends in `.safetensors`.
 * @param tree Tensors of float32, int32 or bool in arrays and plain objects.
 * @throws {TypeError} If a leaf is no tensor, of another dtype, or disposed, or JSON cannot hold
 * the metadata (NaN, undefined); its path is named.
 * @throws {Error} If the file cannot be written; the former one is still there.
 *
 * @example
 * ```ts
 * import { loadCheckpoint, saveCheckpoint } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const path = `${await Deno.makeTempDir()}/model.safetensors`;
 * const params = { layers: [{ w: tf.tensor2d([[1, 2]]), b: null }] };
 * await saveCheckpoint(path, params, { metadata: { step: 100 } });
 * const { tree, metadata } = await loadCheckpoint<typeof params>(path);
 * assertEquals(tree.layers[0]!.w.arraySync(), [[1, 2]]);
 * assertEquals(metadata, { step: 100 });
 * ```
 */
export async function saveCheckpoint(
  path: string | URL,
  tree: Tree,
  options: SaveCheckpointOptions = {},
): Promise<void> {
  const { metadata = {} } = options;
  if (Object.hasOwn(metadata, OWN)) {
    throw new RangeError(
      `Cannot save a checkpoint as its metadata must not use the name "${OWN}" (rename the entry)`,
    );
  }
  const [leaves, treedef] = treeFlatten(tree);
  const paths = treePaths(tree);
  leaves.forEach((leaf, i) => checkLeaf(leaf, paths[i]!));
  const names = uniqueNames(paths);
  const stored = await Promise.all(leaves.map(store));
  const text: Record<string, string> = {};
  const json: string[] = [];
  for (const [key, value] of Object.entries(metadata)) {
    checkJson(value, key);
    text[key] = typeof value === "string" ? value : JSON.stringify(value);
    if (typeof value !== "string") json.push(key);
  }
  const own: Own = { sha256: NO_HASH, json, structure: describeTree(treedef, names) };
  await replaceFile(
    path,
    await seal({
      tensors: new Map(names.map((name, i) => [name, stored[i]!])),
      metadata: { [OWN]: JSON.stringify(own), ...text },
    }),
  );
}

/**
 * Loads a tree of tensors from a safetensors file.
 *
 * A file of {@linkcode saveCheckpoint} gives back the tree that was saved, and is checked against
 * damage. A file of another program gives an object with a tensor for each name.
 *
 * @param path The file.
 * @returns The tree and the metadata; the tensors are the caller's to dispose.
 * @throws {SyntaxError} If the file is cut short, damaged, or of another kind.
 * @throws {TypeError} If a tensor is neither float32 nor int32 nor bool.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { loadCheckpoint, saveCheckpoint } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const path = `${await Deno.makeTempDir()}/model.safetensors`;
 * await saveCheckpoint(path, { w: tf.tensor1d([1, 2]) });
 * const { tree } = await loadCheckpoint<{ w: tf.Tensor }>(path);
 * assertEquals([...tree.w.dataSync()], [1, 2]);
 * ```
 */
export async function loadCheckpoint<T = Tree>(path: string | URL): Promise<Checkpoint<T>> {
  const source = `checkpoint ${path}`;
  const file = await readFile(path, source);
  const { tensors, metadata: { [OWN]: ownText, ...text } } = decodeSafetensors(file, source);
  if (ownText === undefined) {
    if (Object.values(text).some((value) => value.startsWith('{"sha256":'))) {
      throw damaged(source, `the entry of its checksum must be named "${OWN}"`);
    }
    const flat = Object.fromEntries([...tensors].map(([name, stored]) => [name, restore(stored)]));
    return { tree: flat as T, metadata: text };
  }
  const own = parseOwn(ownText, source);
  await checkSeal(file, own.sha256, source);
  const tensorOf = (name: string): Tensor => {
    const stored = tensors.get(name);
    if (stored) return restore(stored);
    throw damaged(source, `its tree must name its tensors: there is none named "${name}"`);
  };
  const metadata = Object.fromEntries(
    Object.entries(text).map(([key, value]) => [
      key,
      own.json.includes(key) ? JSON.parse(value) as Json : value,
    ]),
  );
  return { tree: buildTree(own.structure, tensorOf) as T, metadata };
}

/** Fails unless JSON gives a value back as it is. */
function checkJson(value: unknown, path: string, around: readonly unknown[] = []): void {
  const isNest = Array.isArray(value) ||
    typeof value === "object" && value !== null &&
      Object.getPrototypeOf(value) === Object.prototype;
  if (isNest && !around.includes(value)) {
    for (const [key, child] of Object.entries(value as object)) {
      checkJson(child, `${path}.${key}`, [...around, value]);
    }
  } else if (
    isNest || !(value === null || typeof value === "string" || typeof value === "boolean" ||
      Number.isFinite(value))
  ) {
    const got = isNest ? "an object that holds itself" : describe(value);
    throw new TypeError(
      `Cannot save a checkpoint as JSON must be able to hold its metadata: ${path} is ${got} ` +
        `(give a finite number or a text)`,
    );
  }
}

function checkLeaf(leaf: Tensor, path: string): void {
  if (leaf.isDisposed) {
    throw new TypeError(
      `Cannot save a checkpoint as its tensors must be alive: ${path || "the tree"} was disposed`,
    );
  }
  if (leaf.dtype === "float32" || leaf.dtype === "int32" || leaf.dtype === "bool") return;
  throw new TypeError(
    `Cannot save a checkpoint as tensors must be float32, int32 or bool: ${path || "the tree"} ` +
      `is ${describe(leaf)}`,
  );
}

async function store(leaf: Tensor): Promise<StoredTensor> {
  const data = await leaf.data() as StoredTensor["data"];
  return { dtype: leaf.dtype as StoredTensor["dtype"], shape: leaf.shape, data };
}

function restore({ data, shape, dtype }: StoredTensor): Tensor {
  return tf.tensor(data, [...shape], dtype);
}

function parseOwn(text: string, source: string): Own {
  let own: Partial<Own> | null = null;
  try {
    own = JSON.parse(text);
  } catch {
    // Told below.
  }
  const { sha256, json, structure } = own ?? {};
  if (structure !== undefined && Array.isArray(json) && /^[0-9a-f]{64}$/.test(sha256 ?? "")) {
    return own as Own;
  }
  throw damaged(source, `"${OWN}" in its metadata must hold a checksum and a structure`);
}
