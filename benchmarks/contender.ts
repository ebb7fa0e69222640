/**
 * One of this library's engines as a process that is told what to do by lines on its standard
 * input, so that contenders can take turns: `deno run -A contender.ts xla PROBLEM.safetensors`.
 * `xla-plain` is xla with all passes off.
 *
 * Each answer is a line of JSON:
 *
 *     first 0       of the first call {totalMs, traceMs, compileMs}, and {version}
 *     losses 20     the losses of the first steps
 *     run 50        {ms, cpuMs} a step, over so many steps
 *     dispatch 500  microseconds a call of the smallest program
 */
import * as tf from "@tensorflow/tfjs";
import { init, jit, loadCheckpoint, type Tensor, treeDispose } from "@meshwork/meshwork";
import { installedEngine, passNames, setPass } from "@meshwork/meshwork/xla";
import type { FirstCall } from "./process.ts";
import { compileTrainStep, type Problem } from "./problem.ts";
import { read, serve, versionOf } from "./serve.ts";

const [name, path] = Deno.args as [string, string];
if (name === "xla-plain") passNames.forEach((pass) => setPass(pass, false));
const { engine, compiles } = await init({ engine: name.replace("-plain", "") });

const load = async (): Promise<Problem> => (await loadCheckpoint<Problem>(path)).tree;
const { state: initial, trajectory } = await load();
const step = compileTrainStep(trajectory);
let state = initial;

/** Takes a step from the current state; the loss is the caller's to dispose. */
function advance(): Tensor {
  const [next, loss] = step(state);
  treeDispose(state);
  state = next;
  return loss;
}

const start = performance.now();
if (compiles) step.lower(state);
const traced = performance.now();
const compiledBefore = installedEngine()?.runtime.stats.compileMs ?? 0;
await read(advance());
const first: FirstCall = {
  totalMs: performance.now() - start,
  traceMs: traced - start,
  compileMs: (installedEngine()?.runtime.stats.compileMs ?? 0) - compiledBefore,
  version: versionOf(engine),
};

const increment = jit((x: Tensor) => tf.add(x, 1));
const small = tf.ones([2]);
await serve({
  first,
  async restart() {
    treeDispose(state);
    const again = await load();
    treeDispose(again.trajectory);
    state = again.state;
  },
  advance,
  dispatch: () => increment(small),
});
