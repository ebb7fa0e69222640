/** A model that runs in a page and in Deno alike, to compare what they give. @module */
import * as tf from "@tensorflow/tfjs";
import {
  concatenatedArgs,
  grad,
  graphNetwork,
  graphsTuple,
  init,
  jit,
  linear,
  padWithGraphs,
  random,
  segmentMaxOrConstant,
  type Tensor,
  zeroOutPadding,
} from "@meshwork/meshwork";

/**
 * A second derivative, and the loss and gradient of a graph network on a padded graph.
 *
 * @param engine The engine to start.
 * @returns The engine that runs, then all numbers, as text.
 */
export async function runModel(engine: string): Promise<string> {
  const { engine: started } = await init({ engine });
  const cube = (x: Tensor): Tensor => tf.mul(x, tf.square(x));
  const second = grad(grad(cube))(tf.scalar(2));
  const graph = padWithGraphs(
    graphsTuple({
      nodes: [[1, 0], [2, 1], [3, -1]],
      edges: [[1], [2], [3]],
      globals: [[0.5]],
      senders: [0, 1, 2],
      receivers: [1, 2, 1],
      nNode: [3],
      nEdge: [3],
    }),
    5,
    4,
  );
  const layer = linear({ size: 2 });
  const params = layer.init(random.key(7), 6);
  const loss = (w: typeof params): Tensor => {
    const network = graphNetwork({
      updateEdgeFn: concatenatedArgs((x) => tf.tanh(layer.apply(w, x))),
      updateNodeFn: (nodes: Tensor, _sent, received: Tensor) => tf.add(nodes, received),
      updateGlobalFn: (nodes: Tensor) => nodes,
      aggregateEdgesForNodesFn: segmentMaxOrConstant,
    });
    return tf.sum(tf.square(zeroOutPadding(network(graph)).globals));
  };
  const gradient = jit(grad(loss))(params);
  const numbers = await Promise.all([second, loss(params), gradient.w].map((x) => x.data()));
  return [started, ...numbers.flatMap((values) => [...values].map((x) => x.toFixed(3)))].join(" ");
}
