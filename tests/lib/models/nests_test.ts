import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import type { GraphFn } from "../../../lib/models/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { MODELS } from "./leafwise_models.ts";

/** Two graphs, five nodes, four edges, with the given nodes. */
const withNodes = (nodes: Tree): GraphsTuple => ({
  ...graphsTuple({
    senders: [0, 1, 2, 3],
    receivers: [1, 2, 2, 4],
    nNode: [3, 2],
    nEdge: [3, 1],
  }),
  nodes,
});

const leaves = (): [Tensor, Tensor, Tensor] => [
  tf.tensor([1, -0.5, 0.3, 0.5, 1.4], [5, 1]),
  tf.linspace(-1, 1, 30).reshape([5, 3, 2]),
  tf.tensor([[1, 0], [0, 1], [2, 2], [3, 1], [1, 1]]),
];

const nest = ([a, b, c]: readonly [Tree, Tree, Tree]): Tree => ({ a, rest: [b, null, { c }] });

/** Where tensors, nulls and undefineds are. */
function paths(tree: unknown, path = ""): string[] {
  if (tree === null || tree === undefined || tree instanceof tf.Tensor) {
    return [`${path} ${tree && "tensor"}`];
  }
  return Object.entries(tree).flatMap(([key, value]) => paths(value, `${path}.${key}`)).sort();
}

for (const [name, model] of Object.entries(MODELS)) {
  forEachEngine(`${name} works on nests, leaf by leaf, inside jit too`, () => {
    const parts = leaves().map((leaf) => treeLeaves(model(withNodes(leaf)) as Tree));
    const whole = model(withNodes(nest(leaves())));
    const expected = parts.map((part) => part.filter((x) => x.dtype === "float32"));
    for (const result of [whole, jit(model)(withNodes(nest(leaves())))]) {
      for (const [i, leaf] of leaves().entries()) {
        const width = leaf.shape.slice(1).join();
        const actual = treeLeaves(result as Tree)
          .filter((x) => x.dtype === "float32" && belongs(x, width, model));
        assertAllClose(actual, expected[i]);
      }
    }
  });

  forEachEngine(`${name} takes undefined for null, and gives null`, () => {
    const nodes = { a: leaves()[0], none: undefined };
    const graph = { ...withNodes(nodes), edges: undefined, globals: undefined };
    const expected = withNodes({ a: leaves()[0], none: null });
    for (const f of [model, jit(model)]) {
      const result = f(graph);
      assertAllClose(result, f(expected));
      assertEquals(paths(result), paths(f(expected)));
      assertEquals(paths(result).filter((path) => path.endsWith("undefined")), []);
    }
  });

  forEachEngine(`${name} has gradients for each leaf of a nest`, () => {
    const loss = (nodes: Tree): Tensor => {
      const result = model(withNodes(nodes)) as Tree;
      const floats = treeLeaves(result).filter((x) => x.dtype === "float32");
      return tf.addN(floats.map((x) => tf.sum(tf.square(x))));
    };
    const expected = leaves().map((leaf) => grad(loss)(leaf)) as Tree[];
    const wanted = nest(expected as [Tree, Tree, Tree]);
    assertAllClose(grad(loss)(nest(leaves())), wanted);
    assertAllClose(jit(grad(loss))(nest(leaves())), wanted);
  });
}

/**
 * Whether a result comes from a leaf with rows of this shape; `gat` joins heads: `[3, 2]` is 6
 * wide.
 */
function belongs(result: Tensor, width: string, model: GraphFn): boolean {
  const own = result.shape.slice(1).join();
  return own === width || model === MODELS.gat && own === "6" && width === "3,2";
}
