import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadCheckpoint, saveCheckpoint } from "../../../lib/train/mod.ts";
import {
  formatTreeDef,
  isTensor,
  type Tree,
  treeFlatten,
  treeLeaves,
  treePaths,
} from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { withFolder } from "../../support/folder.ts";
import { makeTree, METADATA, OURS } from "../../golden/safetensors/ours.ts";
import seen from "../../golden/safetensors/ours.json" with { type: "json" };

const golden = (name: string): URL => new URL(`../../golden/safetensors/${name}`, import.meta.url);

const inFolder = (fn: (path: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => fn(`${folder}/model.safetensors`));

const fileNames = async (path: string): Promise<string[]> => {
  const names = await Array.fromAsync(Deno.readDir(path.slice(0, path.lastIndexOf("/"))));
  return names.map(({ name }) => name).sort();
};

function assertSameTree(actual: Tree, expected: Tree): void {
  const [[a, aDef], [b, bDef]] = [treeFlatten(actual), treeFlatten(expected)];
  assertEquals(formatTreeDef(aDef), formatTreeDef(bDef));
  assertEquals(treePaths(actual), treePaths(expected));
  b.forEach((leaf, i) => {
    assertEquals([a[i]!.dtype, a[i]!.shape], [leaf.dtype, leaf.shape]);
    assertEquals(a[i]!.dataSync(), leaf.dataSync());
  });
}

forEachEngine(
  "a checkpoint gives back tree and metadata as they were saved",
  () =>
    inFolder(async (path) => {
      await saveCheckpoint(path, makeTree(), { metadata: METADATA });
      const { tree, metadata } = await loadCheckpoint(path);
      assertSameTree(tree, makeTree());
      assertEquals(metadata, METADATA);
      assertEquals(await fileNames(path), ["model.safetensors"]);
    }),
);

forEachEngine(
  "a checkpoint keeps every bit of every kind of tensor",
  () =>
    inFolder(async (path) => {
      const tree = {
        special: tf.tensor1d([NaN, Infinity, -Infinity, -0, 1e-38, 3.4e38, 1 / 3]),
        ints: tf.tensor1d([2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1], "int32"),
        bools: tf.tensor2d([[true], [false]], [2, 1], "bool"),
        scalar: tf.scalar(0.1),
        empty: [tf.zeros([0]), tf.zeros([3, 0, 2], "int32"), tf.zeros([0, 1], "bool")],
      };
      await saveCheckpoint(path, tree);
      assertSameTree((await loadCheckpoint(path)).tree, tree);
    }),
);

forEachEngine(
  "a checkpoint takes any tree: bare tensors, nulls, and keys of every kind",
  () =>
    inFolder(async (path) => {
      const one = (): tf.Tensor => tf.scalar(1);
      const trees: Tree[] = [
        one(),
        null,
        [],
        {},
        [null, [], { a: {} }],
        { "a.b": one(), a: { b: tf.scalar(2) }, "a.b#2": tf.scalar(3) },
        { "": one(), tree: tf.scalar(2), " ": [tf.scalar(3)] },
        { __metadata__: one(), "0": tf.scalar(2), "10": tf.scalar(3), "9": tf.scalar(4) },
        JSON.parse('{"__proto__": null, "constructor": null, "\\"": null, "é": null}'),
      ];
      for (const tree of trees) {
        await saveCheckpoint(path, tree);
        assertSameTree((await loadCheckpoint(path)).tree, tree);
      }
    }),
);

Deno.test("Python's safetensors reads a checkpoint, and ours writes the file it read", async () => {
  await useEngine("cpu");
  await inFolder(async (path) => {
    await saveCheckpoint(path, makeTree(), { metadata: METADATA });
    assertEquals(await Deno.readFile(path), await Deno.readFile(OURS));
  });
  const tree = makeTree();
  const leaves = treeLeaves(tree);
  const expected = treePaths(tree).map((name, i) => {
    const { dtype, shape } = leaves[i]!;
    const values = [...leaves[i]!.dataSync()].map((value) =>
      dtype === "bool" ? value === 1 : value
    );
    return [name, { dtype, shape, values }];
  });
  assertEquals(seen.tensors, Object.fromEntries(expected));
  assertEquals(seen.metadata.note, METADATA.note);
});

Deno.test("loadCheckpoint() reads a file of Python's safetensors as a flat object", async () => {
  await useEngine("cpu");
  const { tree, metadata } = await loadCheckpoint<Record<string, tf.Tensor>>(
    golden("python.safetensors"),
  );
  assertEquals(Object.keys(tree).sort(), ["count", "mask", "none", "weight"]);
  assertEquals(tree.weight!.arraySync(), [[1.5, -2, 3.25], [0, Math.fround(1e-8), Infinity]]);
  assertEquals([tree.count!.dtype, tree.count!.arraySync()], ["int32", 7]);
  assertEquals([tree.mask!.dtype, tree.mask!.arraySync()], ["bool", [1, 0, 1]]);
  assertEquals(tree.none!.shape, [0, 4]);
  assertEquals(metadata, { format: "np" });
});

Deno.test("loadCheckpoint() names tensors of a dtype that does not exist here", async () => {
  const path = golden("float64.safetensors");
  await assertRejects(
    () => loadCheckpoint(path),
    TypeError,
    `Cannot read checkpoint ${path} as tensors are float32, int32 or bool (F32, I32, BOOL): "x" is F64`,
  );
});

Deno.test("loadCheckpoint() finds flipped bits and cuts, wherever they are", async () => {
  await useEngine("cpu");
  await inFolder(async (path) => {
    await saveCheckpoint(path, { w: tf.tensor1d([1, 2]), n: tf.scalar(3, "int32") });
    const file = await Deno.readFile(path);
    for (let bit = 0; bit < 8 * file.length; bit += 3) {
      const damaged = file.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      await Deno.writeFile(path, damaged);
      const error = await assertRejects(() => loadCheckpoint(path));
      assert(error instanceof SyntaxError || error instanceof TypeError, `bit ${bit}: ${error}`);
      assert(error.message.startsWith(`Cannot read checkpoint ${path} as `), error.message);
    }
    for (let length = 0; length < file.length; length += 7) {
      await Deno.writeFile(path, file.subarray(0, length));
      await assertRejects(() => loadCheckpoint(path), SyntaxError, "it was cut short");
    }
    const flipped = file.slice();
    flipped[file.length - 1]! ^= 1;
    await Deno.writeFile(path, flipped);
    await assertRejects(
      () => loadCheckpoint(path),
      SyntaxError,
      `Cannot read checkpoint ${path} as its bytes must be those that were saved: its checksum ` +
        `differs (it is damaged: use an earlier checkpoint, or copy it again)`,
    );
  });
});

Deno.test("loadCheckpoint() says when there is no file", () =>
  inFolder((path) =>
    assertRejects(
      () => loadCheckpoint(path),
      Deno.errors.NotFound,
      `Cannot read checkpoint ${path} as there is no such file (check the path, or train first)`,
    ).then(() => {})
  ));

Deno.test("saveCheckpoint() refuses what cannot be saved, and keeps the former file", async () => {
  await useEngine("cpu");
  await inFolder(async (path) => {
    await saveCheckpoint(path, { w: tf.scalar(1) });
    await assertRejects(
      () => saveCheckpoint(path, { names: [tf.tensor1d(["a"])] as unknown as Tree }),
      TypeError,
      "Cannot save a checkpoint as tensors must be float32, int32 or bool: names[0] is string [1]",
    );
    await assertRejects(
      () => saveCheckpoint(path, { rate: 0.1 } as unknown as Tree),
      TypeError,
      "rate is number 0.1",
    );
    await assertRejects(
      () => saveCheckpoint(path, null, { metadata: { meshwork: 1 } }),
      RangeError,
      'Cannot save a checkpoint as its metadata must not use the name "meshwork" (rename the entry)',
    );
    assertAllClose((await loadCheckpoint(path)).tree, { w: 1 });
  });
});

Deno.test("saveCheckpoint() and loadCheckpoint() leak no tensor and disturb none", async () => {
  await useEngine("cpu");
  await inFolder(async (path) => {
    const tree = makeTree();
    const before = tf.memory().numTensors;
    await saveCheckpoint(path, tree);
    assertEquals(tf.memory().numTensors, before);
    const loaded = treeLeaves((await loadCheckpoint(path)).tree);
    assertEquals(tf.memory().numTensors, before + loaded.length);
    tf.dispose(loaded);
    assert(treeLeaves(tree).every((leaf) => isTensor(leaf) && !leaf.isDisposed));
  });
});
