/**
 * Who sides with whom: a graph convolutional network finds the two halves of Zachary's karate club
 * from its friendships, knowing the side of two members only.
 *
 *     deno run -A examples/zachary.ts
 *
 * The network is that of Kipf and Welling 2017, "Semi-supervised classification with graph
 * convolutional networks" (arXiv:1609.02907).
 *
 * @module
 */
import {
  adam,
  applyUpdates,
  graphConvolution,
  graphsTuple,
  init,
  jit,
  linear,
  listenForInterrupt,
  losses,
  random,
  type Tensor,
  valueAndGrad,
} from "@meshwork/meshwork";
import { karateClub } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains the network; gives the share of the 34 members that it puts on the right side. */
export async function train(options: Options = {}): Promise<{ loss: number; accuracy: number }> {
  const { steps = 30, seed = 0, log = console.log } = options;
  const club = karateClub();
  const N = club.numMembers;
  const { senders, receivers } = club;
  const nodes = tf.eye(N); // a member's only feature is who it is
  const graph = graphsTuple({ nodes, senders, receivers, nNode: [N], nEdge: [senders.length] });
  const clubs = tf.tensor1d(club.clubs, "int32");

  // Two convolutions. Only the first adds self edges, as in Jraph's example.
  const hidden = linear({ size: 5, useBias: false });
  const output = linear({ size: 2, useBias: false });
  const keys = tf.unstack(random.split(random.key(seed)));
  let params = { hidden: hidden.init(keys[0]!, N), output: output.init(keys[1]!, 5) };

  /** Logits of both clubs for each member, `[N, 2]`. */
  function predict(p: typeof params): Tensor {
    const first = graphConvolution({
      updateNodeFn: (nodes: Tensor) => hidden.apply(p.hidden, nodes),
      addSelfEdges: true,
    });
    const second = graphConvolution({
      updateNodeFn: (nodes: Tensor) => output.apply(p.output, tf.relu(nodes)),
    });
    return second(first(graph)).nodes;
  }

  // All that is known are the sides of the instructor, 0, and of the administrator, 33.
  const known = tf.tensor1d([0, 33], "int32");
  const sides = tf.tensor1d([0, 1], "int32");
  const loss = (p: typeof params): Tensor =>
    tf.sum(losses.softmaxCrossEntropyWithIntegerLabels(tf.gather(predict(p), known), sides));

  const accuracy = jit((p: typeof params) =>
    tf.mean(tf.cast(tf.equal(tf.argMax(predict(p), 1), clubs), "float32"))
  );

  const optimizer = adam(0.01);
  let state = optimizer.init(params);
  const update = jit((p: typeof params, s: typeof state) => {
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates, nextState] = optimizer.update(grads, s);
    return { value, params: applyUpdates(p, updates), state: nextState };
  }, { donate: [0, 1] });

  const read = async (x: Tensor): Promise<number> => (await x.data())[0]!;
  const result = { loss: NaN, accuracy: await read(accuracy(params)) };
  using interrupt = listenForInterrupt();
  for (let step = 1; step <= steps && !interrupt.requested; step++) {
    const next = update(params, state);
    ({ params, state } = next);
    result.loss = await read(next.value);
    result.accuracy = await read(accuracy(params));
    log(`step ${step}: loss ${result.loss.toFixed(4)}, accuracy ${result.accuracy.toFixed(3)}`);
    await interrupt.pause();
  }
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const { accuracy } = await train();
  if (!(accuracy > 0.9)) throw new Error("The network has not found the two sides");
}
