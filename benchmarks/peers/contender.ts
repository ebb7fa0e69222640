/**
 * This library as a process that obeys lines (see ../contender.ts):
 * `deno run -A contender.ts NAME WORKLOAD MODE PROBLEM`. NAME is `xla` or `wasm`;
 * `xla-plain` is without passes, `xla-sorted` has the edges in the order of their receivers.
 */
import * as tf from "@tensorflow/tfjs";
import {
  init,
  jit,
  loadCheckpoint,
  sortEdges,
  type Tensor,
  type Tree,
  treeDispose,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import { passNames, setPass } from "@meshwork/meshwork/xla";
import { programMegabytes, serve, smallestCall, timeFirstCall } from "../serve.ts";
import { moleculeBatches, moleculesOf } from "./molecules.ts";
import { type GraphData, graphOf, type Mode, type Problem, RATE, WORKLOADS } from "./workloads.ts";

const [name, what, mode, path] = Deno.args as [string, string, Mode, string];
if (name === "xla-plain") passNames.forEach((pass) => setPass(pass, false));
const { engine, compiles } = await init({ engine: name.split("-")[0]! });
const { loss, rollout } = WORKLOADS[what]!;

const load = async (): Promise<Problem> => (await loadCheckpoint<Problem>(path)).tree;
const loaded = await load();

/** The same data with sorted edges. */
function sorted(data: GraphData): GraphData {
  const { edges, senders, receivers } = sortEdges(graphOf(data.nodes!, data.edges ?? null, data));
  return { ...data, ...(edges ? { edges } : {}), senders, receivers };
}

const data = name === "xla-sorted" ? sorted(loaded.data) : loaded.data;
let params = loaded.params;

const descend = (params: Tensor, gradient: Tensor): Tensor =>
  tf.sub(params, tf.mul(gradient, RATE));

function makeStep(): (params: Tree, data: GraphData) => [Tree, Tensor] {
  if (mode === "forward" || mode === "rollout") {
    const value = mode === "forward" ? loss : rollout!;
    return jit((params: Tree, data: GraphData): [Tree, Tensor] => [params, value(params, data)]);
  }
  return jit((params: Tree, data: GraphData): [Tree, Tensor] => {
    const [value, gradient] = valueAndGrad((p: Tree) => loss(p, data))(params);
    return [treeMap(descend as never, params as never, gradient as never), value];
  }, { donate: 0 });
}
const step = makeStep() as ReturnType<typeof jit<[Tree, GraphData], [Tree, Tensor]>>;

/** Takes a step; the loss is the caller's to dispose. */
function stepWith(data: GraphData): Tensor {
  const [next, value] = step(params, data);
  treeDispose(params);
  params = next;
  return value;
}

const molecules = mode === "epoch" ? moleculesOf(data) : [];

/** A pass over all molecules; the sum of the losses. */
function epoch(): Tensor {
  const losses: Tensor[] = [];
  for (const batch of moleculeBatches(molecules)) {
    losses.push(stepWith(batch as unknown as GraphData));
    treeDispose(batch);
  }
  const sum = tf.addN(losses);
  tf.dispose(losses);
  return sum;
}

const advance = mode === "epoch" ? epoch : () => stepWith(data);
const sample = mode === "epoch" ? moleculeBatches(molecules).next().value as GraphData : data;
const lower = () => compiles ? step.lower(params, sample) : null;
const first = await timeFirstCall(engine, lower, advance);
await serve({
  first,
  async restart() {
    treeDispose(params);
    params = (await load()).params;
  },
  advance,
  dispatch: smallestCall(),
  programMb: programMegabytes(lower),
});
