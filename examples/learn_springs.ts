/**
 * Learning a law from data: a small interaction network finds out how springs pull, from positions
 * and forces of masses that it has seen.
 *
 *     deno run -A examples/learn_springs.ts
 *
 * A training step (forward, backward, Adam) is one function, compiled with `jit`.
 *
 * @module
 */
import {
  adam,
  applyUpdates,
  graphNetwork,
  graphsTuple,
  init,
  jit,
  mlp,
  random,
  schedules,
  segmentSum,
  type Tensor,
  valueAndGrad,
} from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

const { text } = await init();
console.log(text);

// A ring of masses in the plane, each joined to the next: an edge each way.
const N = 32;
const next = Array.from({ length: N }, (_, i) => (i + 1) % N);
const here = Array.from({ length: N }, (_, i) => i);
const senders = tf.tensor1d([...here, ...next], "int32");
const receivers = tf.tensor1d([...next, ...here], "int32");

/** The law to be found: springs of length 1 and stiffness 2, whose pulls add up at each mass. */
function forces(x: Tensor): Tensor {
  const spring = tf.sub(tf.gather(x, senders), tf.gather(x, receivers));
  const length = tf.norm(spring, "euclidean", 1, true);
  const pull = tf.mul(2, tf.mul(tf.sub(length, 1), tf.div(spring, length)));
  return segmentSum(pull, receivers, N);
}

// The model: a message for each edge from its displacement and length; a force is the sum of
// messages.
const message = mlp({ sizes: [32, 32, 2], activation: tf.tanh });
type Params = ReturnType<typeof message.init>;

function predict(params: Params, x: Tensor): Tensor {
  const network = graphNetwork({
    updateEdgeFn: (_edges: null, sender: Tensor, receiver: Tensor) => {
      const spring = tf.sub(sender, receiver);
      const length = tf.norm(spring, "euclidean", 1, true);
      return message.apply(params, tf.concat([spring, length], 1));
    },
    updateNodeFn: (_nodes: Tensor, _sent: Tensor, received: Tensor) => received,
  });
  return network(graphsTuple({ nodes: x, senders, receivers, nNode: [N], nEdge: [2 * N] })).nodes;
}

const loss = (params: Params, x: Tensor): Tensor =>
  tf.mean(tf.square(tf.sub(predict(params, x), forces(x))));

const STEPS = 500;
const optimizer = adam(schedules.cosineDecay(0.01, STEPS));
const step = jit((params: Params, state: ReturnType<typeof optimizer.init>, key: Tensor) => {
  const [value, grads] = valueAndGrad(loss)(params, random.normal(key, [N, 2]));
  const [updates, nextState] = optimizer.update(grads, state, params);
  return { value, params: applyUpdates(params, updates), state: nextState };
}, { donate: [0, 1] }); // the old parameters and state give their memory to the new ones

let params = message.init(random.key(0), 3);
let state = optimizer.init(params);
const [unseen, training] = [random.normal(random.key(1), [N, 2]), random.key(2)];
const before = loss(params, unseen).dataSync()[0]!;
for (let i = 1; i <= STEPS; i++) {
  const result = step(params, state, random.foldIn(training, i));
  ({ params, state } = result);
  if (i % 100 === 0) console.log(`step ${i}: loss ${result.value.dataSync()[0]!.toFixed(4)}`);
  else result.value.dispose();
}
const after = loss(params, unseen).dataSync()[0]!;
console.log(
  `loss on masses it has not seen: ${before.toFixed(3)} before, ${after.toFixed(3)} after`,
);
if (!(after < before / 20)) throw new Error("The network has not found the law");
