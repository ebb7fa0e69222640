/**
 * This library on xla as a process that obeys lines (see ../contender.ts):
 * `deno run -A contender.ts NAME WORKLOAD forward|train PROBLEM`. `xla-plain` is without passes, of
 * `xla-sorted` the edges are put in the order of their receivers before.
 */
import * as tf from "@tensorflow/tfjs";
import {
  init,
  jit,
  loadCheckpoint,
  type Tensor,
  treeDispose,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import { passNames, setPass } from "@meshwork/meshwork/xla";
import { serve, smallestCall, timeFirstCall } from "../serve.ts";
import { type Problem, RATE, WORKLOADS } from "./workloads.ts";

const [name, workload, mode, path] = Deno.args as [string, string, string, string];
if (name === "xla-plain") passNames.forEach((pass) => setPass(pass, false));
const { engine } = await init({ engine: "xla" });
const { apply } = WORKLOADS[workload]!;

/** Edges in the order of their receivers, done once, on the host. */
function sorted(graph: Problem["graph"]): Problem["graph"] {
  const receivers = graph.receivers.dataSync<"int32">();
  const order = Int32Array.from(receivers.keys()).sort((a, b) => receivers[a]! - receivers[b]!);
  const take = (x: Tensor): Tensor =>
    x.shape[0] === order.length ? tf.gather(x, tf.tensor1d(order, "int32")) : x;
  const { edges, senders, receivers: ids } = graph;
  return { ...graph, edges: take(edges), senders: take(senders), receivers: take(ids) };
}

const load = async (): Promise<Problem> => (await loadCheckpoint<Problem>(path)).tree;
const loaded = await load();
const problem = name === "xla-sorted" ? { ...loaded, graph: sorted(loaded.graph) } : loaded;
const [N, E] = [problem.graph.nodes.shape[0]!, problem.graph.senders.shape[0]!];

const loss = (params: Problem["params"], { graph, target }: Omit<Problem, "params">): Tensor => {
  const counts = { nNode: tf.tensor1d([N], "int32"), nEdge: tf.tensor1d([E], "int32") };
  return tf.mean(tf.square(tf.sub(apply(params, { ...graph, ...counts, globals: null }), target)));
};
const descend = (params: Tensor, gradient: Tensor): Tensor =>
  tf.sub(params, tf.mul(gradient, RATE));
const step = mode === "forward"
  ? jit((params: Problem["params"], data: Omit<Problem, "params">) => [params, loss(params, data)])
  : jit((params: Problem["params"], data: Omit<Problem, "params">) => {
    const [value, gradient] = valueAndGrad((p: Problem["params"]) => loss(p, data))(params);
    return [treeMap(descend as never, params as never, gradient as never), value];
  }, { donate: 0 });

let params = problem.params;
const data = { graph: problem.graph, target: problem.target };

/** Takes a step; the loss is the caller's to dispose. */
function advance(): Tensor {
  const [next, value] = step(params, data) as [Problem["params"], Tensor];
  treeDispose(params);
  params = next;
  return value;
}

const first = await timeFirstCall(engine, () => step.lower(params, data), advance);
await serve({
  first,
  async restart() {
    treeDispose(params);
    params = (await load()).params;
  },
  advance,
  dispatch: smallestCall(),
});
