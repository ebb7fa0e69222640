/** The step that is measured: a graph convolutional network on a graph split over devices. */
import {
  applyUpdates,
  linear,
  losses,
  pmap,
  pmean,
  random,
  sgd,
  shardedGraphConvolution,
  type Tensor,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

/** Sizes of the problem. */
export interface Sizes {
  /** N, the number of nodes. */
  readonly nodes: number;
  /** D, the devices of this process. */
  readonly devices: number;
  /** F, the features of nodes and of the hidden layer. */
  readonly features: number;
  readonly classes: number;
}

export const AXIS = { axisName: "edges" };

/** The same on each device. */
export const copies = <T>(tree: T, devices: number): T =>
  treeMap((leaf: Tensor) => tf.stack(Array<Tensor>(devices).fill(leaf)), tree as never) as T;

/** Two convolutions, their gradients and an update, with parameters to start from. */
// deno-lint-ignore explicit-module-boundary-types
export function shardedStep({ nodes, devices, features, classes }: Sizes) {
  const [keyX, ...keys] = tf.unstack(random.split(random.key(0), 3));
  const x = random.normal(keyX!, [nodes, features]);
  const labels = tf.cast(tf.argMax(tf.slice(x, [0, 0], [nodes, classes]), 1), "int32");
  const [first, second] = [linear({ size: features }), linear({ size: classes })];
  const start = { first: first.init(keys[0]!, features), second: second.init(keys[1]!, features) };
  const optimizer = sgd(10);
  const step = pmap((p: typeof start, senders: Tensor, receivers: Tensor) => {
    const one = (count: number): Tensor => tf.fill([1], count, "int32");
    const part = {
      ...{ nodes: x, deviceEdges: null, deviceSenders: senders, deviceReceivers: receivers },
      ...{ senders, receivers, globals: null, nNode: one(nodes), nEdge: one(senders.size) },
      ...{ deviceNEdge: one(senders.size), deviceGraphIdx: one(0) },
    };
    const loss = (p: typeof start): Tensor => {
      const hidden = shardedGraphConvolution({
        updateNodeFn: (nodes: Tensor) => first.apply(p.first, nodes),
      }, AXIS)(part);
      const { nodes } = shardedGraphConvolution({
        updateNodeFn: (nodes: Tensor) => second.apply(p.second, tf.relu(nodes)),
      }, AXIS)(hidden);
      return tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(nodes, labels));
    };
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates] = optimizer.update(pmean(grads, "edges"), optimizer.init(p));
    return { value, params: applyUpdates(p, updates) };
  }, { ...AXIS, donate: 0 });
  return { step, params: copies(start, devices) };
}
