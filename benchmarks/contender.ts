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
import { init, loadCheckpoint, type Tensor, treeDispose } from "@meshwork/meshwork";
import { passNames, setPass } from "@meshwork/meshwork/xla";
import { compileTrainStep, type Problem } from "./problem.ts";
import { serve, smallestCall, timeFirstCall } from "./serve.ts";

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

const first = await timeFirstCall(engine, () => compiles && step.lower(state), advance);

await serve({
  first,
  async restart() {
    treeDispose(state);
    const again = await load();
    treeDispose(again.trajectory);
    state = again.state;
  },
  advance,
  dispatch: smallestCall(),
});
