import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { buildTree, describeTree, uniqueNames } from "../../../lib/train/tree_names.ts";
import { type Tensor, type Tree, treeFlatten, treePaths } from "../../../lib/tree/mod.ts";

await tf.setBackend("cpu");

Deno.test("a tree is built again from the names of its leaves, in any nest", () => {
  const [a, b, c] = [1, 2, 3].map((x) => tf.scalar(x));
  const trees: Tree[] = [a, null, [], {}, { w: a, none: null, list: [b, [c], []] }, [{ x: a! }, b]];
  for (const tree of trees) {
    const [leaves, treedef] = treeFlatten(tree);
    const names = uniqueNames(treePaths(tree));
    const byName = new Map(names.map((name, i): [string, Tensor] => [name, leaves[i]!]));
    const structure = JSON.parse(JSON.stringify(describeTree(treedef, names)));
    assertEquals(buildTree(structure, (name) => byName.get(name)!), tree);
  }
});

Deno.test("names that would be equal are numbered, and none is that of the metadata", () => {
  assertEquals(uniqueNames(["a.b", "a.b", "", "__metadata__", "a.b#2", "a.b"]), [
    ...["a.b", "a.b#2", "tree", "__metadata__#2", "a.b#2#2", "a.b#3"],
  ]);
});
