/** Trees whose leaves have names: how a file that knows names only holds a nest. @module */
import type { Tensor, Tree, TreeDef } from "../tree/mod.ts";

/** A tree with the names of tensors in place of its leaves. */
export type Structure = string | null | readonly Structure[] | {
  readonly [key: string]: Structure;
};

/** The paths as names of tensors; those that are equal (`{"a.b": x, a: {b: y}}`) are numbered. */
export function uniqueNames(paths: readonly string[]): string[] {
  const taken = new Set(["__metadata__"]);
  return paths.map((path) => {
    const base = path || "tree";
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}#${i}`;
    taken.add(name);
    return name;
  });
}

/** The structure of a tree whose leaves have these names, in their order. */
export function describeTree(treedef: TreeDef, names: readonly string[]): Structure {
  let next = 0;
  const walk = (def: TreeDef): Structure => {
    if (def.kind === "leaf") return names[next++]!;
    if (def.kind === "null") return null;
    const children = def.children.map(walk);
    if (def.kind === "array") return children;
    return Object.fromEntries(def.keys.map((key, i) => [key, children[i]!]));
  };
  return walk(treedef);
}

/** The tree of a structure, with the tensors that go by its names. */
export function buildTree(structure: Structure, tensorOf: (name: string) => Tensor): Tree {
  if (structure === null) return null;
  if (typeof structure === "string") return tensorOf(structure);
  if (Array.isArray(structure)) return structure.map((child) => buildTree(child, tensorOf));
  return Object.fromEntries(
    Object.entries(structure).map(([key, child]) => [key, buildTree(child, tensorOf)]),
  );
}
