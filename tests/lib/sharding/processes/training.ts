/**
 * The losses of a network trained on a graph split over all devices: `training.ts folder devices`.
 */
import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../../../datasets/random_stream.ts";
import {
  adam,
  applyUpdates,
  distributed,
  graphsTuple,
  graphsTupleToBroadcastedShardedGraphsTuple,
  init,
  mlp,
  pmap,
  pmean,
  random,
  shardedEdgesGraphNetwork,
  type Tensor,
  type Tree,
  treeMap,
  valueAndGrad,
} from "../../../../mod.ts";

const [folder, devices] = [Deno.args[0]!, Number(Deno.args[1])];
await init({ engine: "xla", devices });
const { rank, size } = await distributed.init();

const [N, E] = [20, 48];
const { integer, uniform } = randomStream(3);
const rows = (count: number): number[][] =>
  Array.from({ length: count }, () => [uniform(-1, 1), uniform(-1, 1)]);
const ends = (): number[] => Array.from({ length: E }, () => integer(N));
const graph = graphsTuple({
  ...{ nodes: rows(N), edges: rows(E), globals: rows(1), senders: ends(), receivers: ends() },
  ...{ nNode: [N], nEdge: [E] },
});

const net = mlp({ sizes: [8, 2] });
const optimizer = adam(0.02);
const params = net.init(random.key(1), 8);
type State = { params: typeof params; state: ReturnType<typeof optimizer.init> };

const whole = graphsTupleToBroadcastedShardedGraphsTuple(graph, size * devices);
const mine = (x: Tensor): Tensor => tf.slice(x, rank * devices, devices);
const sharded = treeMap(mine, whole as Tree) as unknown as typeof whole;
const step = pmap((s: State, part: typeof sharded) => {
  const loss = (p: typeof params): Tensor => {
    const network = shardedEdgesGraphNetwork({
      updateEdgeFn: (...parts: Tensor[]) => net.apply(p, tf.concat(parts, 1)),
      updateNodeFn: (nodes: Tensor, _sent: Tensor, received: Tensor) =>
        tf.sub(tf.tanh(received), nodes),
      attentionLogitFn: (edges: Tensor) => tf.sum(edges, 1, true),
      attentionReduceFn: (edges: Tensor, weights: Tensor) => tf.mul(edges, weights),
    }, { axisName: "edges" });
    return tf.mean(tf.square(network(part).nodes as Tensor));
  };
  const [value, grads] = valueAndGrad(loss)(s.params);
  const [updates, state] = optimizer.update(pmean(grads, "edges"), s.state);
  return { value, next: { params: applyUpdates(s.params, updates), state } };
}, { axisName: "edges", donate: 0 });

const copies = (x: Tensor): Tensor => tf.stack(Array<Tensor>(devices).fill(x));
let state = treeMap(copies, { params, state: optimizer.init(params) } as Tree) as unknown as State;
const losses: number[] = [];
for (let i = 0; i < 15; i++) {
  const { value, next } = step(state, sharded);
  losses.push(value.dataSync()[0]!);
  state = next;
}
Deno.writeTextFileSync(`${folder}/${rank}.json`, JSON.stringify(losses));
