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
  fit,
  graphNetwork,
  graphsTuple,
  init,
  jit,
  mlp,
  random,
  schedules,
  segmentSum,
  type Tensor,
  trainStep,
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

/** The law at places that a key draws: all of it, the drawing too, is part of the compiled step. */
const lossAt = (params: Params, key: Tensor): Tensor => loss(params, random.normal(key, [N, 2]));

const STEPS = 500;
const { init: begin, step } = trainStep(lossAt, adam(schedules.cosineDecay(0.01, STEPS)));
const [unseen, training] = [random.normal(random.key(1), [N, 2]), random.key(2)];
const params = message.init(random.key(0), 3);
const before = loss(params, unseen).dataSync()[0]!;
// The old state gives its memory to the new one.
const { state } = await fit(jit(step, { donate: 0 }), begin(params), {
  batches: Array.from({ length: STEPS }, (_, i): [Tensor] => [random.foldIn(training, i + 1)]),
  reportEvery: 100,
  report: (done, loss) => console.log(`step ${done}: loss ${loss.toFixed(4)}`),
});
const after = loss(state.params, unseen).dataSync()[0]!;
console.log(
  `loss on masses it has not seen: ${before.toFixed(3)} before, ${after.toFixed(3)} after`,
);
if (!(after < before / 20)) throw new Error("The network has not found the law");
