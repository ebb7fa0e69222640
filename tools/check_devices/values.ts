/**
 * Values: every kernel, the transformations, random numbers and models, against tfjs's cpu.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  applyUpdates,
  concatenatedArgs,
  cond,
  gat,
  grad,
  graphConvolution,
  graphNetwork,
  type GraphsTuple,
  graphsTuple,
  interactionNetwork,
  layerNorm,
  meshGraphNets,
  mlp,
  random,
  scan,
  segmentMax,
  segmentSoftmax,
  type Tensor,
  type Tree,
  valueAndGrad,
  whileLoop,
} from "@meshwork/meshwork";
import { CASES } from "../../tests/lib/xla/kernel_cases.ts";
import { type Check, compare, type Computation, saidOf, type Tolerance } from "./check.ts";

/** Kernels that multiply matrices. */
const PRODUCTS = /MatMul|Einsum|Conv/;

/** A check for each native kernel, over the cases of its test. */
export function kernelChecks({ elementwise, products }: Tolerance): Check[] {
  return Object.entries(CASES).map(([name, cases]) => ({
    name,
    async run() {
      const allowed = PRODUCTS.test(name) ? products : elementwise;
      let most = 0;
      for (const [inputs, op] of cases) {
        const f = (...args: Tree[]): Tree => [op(...args as Tensor[])].flat();
        most = Math.max(most, await compare({ args: inputs, f }, allowed));
      }
      return `${cases.length} case(s), ${saidOf(most, allowed)}`;
    },
  }));
}

const NODES = 40;
const EDGES = 160;

type Graph = GraphsTuple<Tensor, Tensor, Tensor>;

/** A random graph with features of `size` on nodes, edges and the graph. */
function graph(size = 8): Graph {
  const [nodes, edges, ends, globals] = tf.unstack(random.split(random.key(1), 4)) as Tensor[];
  const indices = tf.floor(tf.mul(random.uniform(ends!, [2, EDGES]), NODES));
  const [senders, receivers] = tf.unstack(tf.cast(indices, "int32")) as [Tensor, Tensor];
  return graphsTuple({
    nodes: random.normal(nodes!, [NODES, size]),
    edges: random.normal(edges!, [EDGES, size]),
    globals: random.normal(globals!, [1, size]),
    senders,
    receivers,
    nNode: [NODES],
    nEdge: [EDGES],
  });
}

const network = mlp({ sizes: [16, 1], activation: tf.tanh });
const networkArgs = (): Tree[] => [
  network.init(random.key(2), 8) as Tree,
  random.normal(random.key(3), [32, 8]),
];
const loss = (params: Tree, x: Tree): Tensor =>
  tf.mean(tf.square(network.apply(params as ReturnType<typeof network.init>, x as Tensor)));

/** Numbers that every engine draws bit for bit. */
const x = (): Tree[] => [tf.sub(random.uniform(random.key(4), [24]), 0.5)];
const one = (f: (x: Tensor) => Tree): Computation => ({ args: x, f: (y) => f(y as Tensor) });
const ids = (): Tensor => tf.cast(tf.mod(tf.range(0, 24), 5), "int32");

const EXACT: Readonly<Record<string, Computation>> = {
  "random.bits": { args: () => [random.key(5)], f: (key) => random.bits(key as Tensor, [1000]) },
  "random.uniform": {
    args: () => [random.key(5)],
    f: (key) => random.uniform(key as Tensor, [1000]),
  },
  "random.permutation": {
    args: () => [random.key(5)],
    f: (key) => random.permutation(key as Tensor, 100),
  },
  "sums of int32": one((y) => tf.sum(tf.cast(tf.mul(y, 1e6), "int32"))),
};

const ELEMENTWISE: Readonly<Record<string, Computation>> = {
  "random.normal": {
    args: () => [random.key(5)],
    f: (key) => random.normal(key as Tensor, [1000]),
  },
  "grad(grad(f))": one((y) =>
    grad((z: Tensor) => tf.sum(tf.square(grad((u: Tensor) => tf.sum(tf.mul(u, tf.tanh(u))))(z))))(y)
  ),
  "scan, and its gradient": one((y) =>
    valueAndGrad((z: Tensor) => {
      const step = (carry: Tensor, row: Tensor): [Tensor, Tensor] => {
        const next = tf.tanh(tf.add(carry, row));
        return [next, tf.square(next)];
      };
      const [last, rows] = scan(step, tf.scalar(0) as Tensor, z);
      return tf.add(last, tf.sum(rows));
    })(y)
  ),
  "whileLoop": one((y) =>
    whileLoop((z: Tensor) => tf.less(tf.sum(tf.square(z)), 1e3), (z): Tensor => tf.mul(z, 1.5), y)
  ),
  "cond": one((y) => cond(tf.greater(tf.sum(y), 100), () => tf.sin(y), () => tf.cos(y))),
  "segmentSoftmax": one((y) => segmentSoftmax(y, ids(), 5)),
  "gradient of segmentMax": one((y) =>
    grad((z: Tensor) => tf.sum(tf.square(segmentMax(z, ids(), 5))))(y)
  ),
  "layerNorm": one((y) => {
    const layer = layerNorm();
    return layer.apply(layer.init(random.key(6), 6), tf.reshape(y, [4, 6]));
  }),
};

const meshNetwork = meshGraphNets({ outputSize: 2, latentSize: 16, hiddenLayers: 1, steps: 2 });
type MeshParams = ReturnType<typeof meshNetwork.init>;

const PRODUCT: Readonly<Record<string, Computation>> = {
  "valueAndGrad of an MLP": { args: networkArgs, f: (p, y) => valueAndGrad(loss)(p!, y!) as Tree },
  "three steps of Adam": {
    args: networkArgs,
    f: (p, y) => {
      const optimizer = adam(0.01);
      let params: Tree = p!;
      let state: Tree = optimizer.init(params);
      for (let i = 0; i < 3; i++) {
        const gradient: Tree = grad(loss)(params, y!);
        const step: [Tree, Tree] = optimizer.update(gradient, state, params);
        [params, state] = [applyUpdates<Tree>(params, step[0]), step[1]];
      }
      return params;
    },
  },
  "graphNetwork, and its gradient": model((g, w) =>
    graphNetwork({
      updateEdgeFn: concatenatedArgs((all) => tf.tanh(tf.matMul(all, w))),
      updateNodeFn: (nodes: Tensor, _sent, received: Tensor) => tf.add(nodes, received),
      updateGlobalFn: (nodes: Tensor) => nodes,
    })(g).globals, 32),
  "interactionNetwork": model((g, w) =>
    interactionNetwork({
      updateEdgeFn: concatenatedArgs((all) => tf.relu(tf.matMul(all, w))),
      updateNodeFn: (nodes: Tensor, received: Tensor) => tf.add(nodes, received),
    })(g).nodes, 24),
  "gat": model((g, w) =>
    gat({
      attentionQueryFn: (nodes: Tensor) => tf.matMul(nodes, w),
      attentionLogitFn: (sender: Tensor, receiver: Tensor) =>
        tf.sum(tf.mul(sender, receiver), 1, true),
    })(g).nodes, 8),
  "graphConvolution": model((g, w) =>
    graphConvolution({
      updateNodeFn: (nodes: Tensor) => tf.matMul(nodes, w),
      addSelfEdges: true,
    })(g).nodes, 8),
  "meshGraphNets, and its gradient": {
    args: () => [meshNetwork.init(random.key(8), { nodes: 8, edges: 8 }) as Tree, graph()],
    f: (params, g) =>
      valueAndGrad((p: Tree) => {
        const output = meshNetwork.apply(p as MeshParams, { ...g as Graph, globals: null });
        return tf.mean(tf.square(output));
      })(params!) as Tree,
  },
};

/** The mean square of what a model gives, and its derivative by a weight `[size, 8]`. */
function model(apply: (graph: Graph, weight: Tensor) => Tensor, size: number): Computation {
  return {
    args: () => [tf.mul(random.normal(random.key(7), [size, 8]), 0.3), graph()],
    f: (weight, g) =>
      valueAndGrad((w: Tensor) => tf.mean(tf.square(apply(g as Graph, w))))(weight as Tensor),
  };
}

function checksOf(computations: Readonly<Record<string, Computation>>, allowed: number): Check[] {
  return Object.entries(computations).map(([name, computation]) => ({
    name,
    run: async () => saidOf(await compare(computation, allowed), allowed),
  }));
}

/** Checks of the transformations, of random numbers and of models. */
export function libraryChecks({ elementwise, products }: Tolerance): Check[] {
  return [
    ...checksOf(EXACT, 0),
    ...checksOf(ELEMENTWISE, 5 * elementwise),
    ...checksOf(PRODUCT, 5 * products),
  ];
}
