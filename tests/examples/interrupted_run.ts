/**
 * Trains 6 steps at once, and 3 + 3 with an interrupt between; prints whether the states are equal.
 */
import { compileTrainStep } from "../../examples/cylinder_flow/training.ts";
import { demoSimulator } from "../../examples/cylinder_flow/settings.ts";
import {
  fit,
  type FlowState,
  flowTrajectory,
  init,
  random,
  resume,
  type Tree,
  treeLeaves,
} from "../../mod.ts";
import { cylinderFlowMini } from "../../datasets/mod.ts";

await init();
const [record] = await Array.fromAsync((await cylinderFlowMini()).train);
const simulator = demoSimulator(100);
const step = compileTrainStep(simulator, flowTrajectory(record!), 0);
const fresh = (): FlowState => simulator.init(random.key(0));
const folder = await Deno.makeTempDir();
const whole = await fit(step, fresh(), { steps: 6, checkpoint: `${folder}/whole.safetensors` });

const checkpoint = `${folder}/stopped.safetensors`;
const stopped = await fit(step, fresh(), {
  steps: 6,
  checkpoint,
  reportEvery: 1,
  report: async (done) => {
    if (done !== 3) return;
    Deno.kill(Deno.pid, "SIGINT");
    // A signal needs a turn of the event loop to arrive.
    await new Promise((resolve) => setTimeout(resolve, 100));
  },
});
const saved = await resume<FlowState>(checkpoint);
const resumed = await fit(step, saved!, { steps: 6, checkpoint });
const values = (state: FlowState): number[][] =>
  treeLeaves(state as Tree).map((leaf) => Array.from(leaf.dataSync()));
console.log(JSON.stringify({
  stoppedAt: stopped.done,
  resumedTo: resumed.done,
  sameState: JSON.stringify(values(resumed.state)) === JSON.stringify(values(whole.state)),
}));
await Deno.remove(folder, { recursive: true });
