/**
 * Trains a MeshGraphNets simulator on one vortex street and predicts another one.
 *
 * ```sh
 * deno task demo [--minutes M | --steps N] [--seed S] [--engine E] [--out FOLDER] [--fresh]
 * ```
 *
 * The number of steps is fixed, so that a run can be repeated; `--minutes` chooses it by what two
 * quiet cores do. Ctrl-C keeps a checkpoint, and the same command goes on from it.
 */
import {
  fit,
  type FlowState,
  flowTrajectory,
  init,
  random,
  resume,
  treeLeaves,
} from "@meshwork/meshwork";
import { cylinderFlowMini, type DataArray, type MeshTrajectory } from "@meshwork/meshwork/datasets";
import { progress } from "@meshwork/meshwork/plot";
import { parseArgs } from "node:util";
import { compilePredict, evaluate } from "./evaluation.ts";
import { printReport, scoreTable, writePage } from "./report.ts";
import { demoSimulator, STEPS, STEPS_PER_MINUTE, WARM_UP } from "./settings.ts";
import { compileTrainStep, warmUp } from "./training.ts";

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    steps: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string", default: "0" },
    engine: { type: "string" },
    out: { type: "string", default: "out" },
    fresh: { type: "boolean", default: false },
  },
});

/** A flag that is a whole number. */
function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`Cannot run the demo as --${name} must be a whole number: ${text}`);
}

/** The only trajectory of a data set. */
async function only(records: AsyncIterable<MeshTrajectory>): Promise<MeshTrajectory> {
  for await (const record of records) return record;
  throw new Error("Cannot run the demo as its data set is empty (check datasets/samples)");
}

const steps = flags.steps
  ? wholeNumber("steps", flags.steps)
  : flags.minutes
  ? wholeNumber("minutes", flags.minutes) * STEPS_PER_MINUTE
  : STEPS;
const seed = wholeNumber("seed", flags.seed);
const checkpoint = `${flags.out}/cylinder_flow_seed${seed}_steps${steps}.safetensors`;
await Deno.mkdir(flags.out, { recursive: true });

const engine = await init(flags.engine ? { engine: flags.engine } : {});
console.log(engine.text);
const data = await cylinderFlowMini();
const [trainRecord, validRecord] = [await only(data.train), await only(data.valid)];
const [trainFlow, validFlow] = [flowTrajectory(trainRecord), flowTrajectory(validRecord)];
const loaded = performance.now();

const simulator = demoSimulator(steps);
const saved = flags.fresh ? null : await resume<FlowState>(checkpoint);
const initial = saved ?? simulator.init(random.key(seed));
const step = compileTrainStep(simulator, trainFlow, seed);
// Compiled, or loaded from the cache, while the normalisers warm up.
const compiled = engine.compiles ? step.lower(initial).compile() : Promise.resolve();
const state = saved ?? warmUp(simulator, trainFlow, initial, seed, WARM_UP);
await compiled;
const start = state.step.dataSync()[0]!;
if (saved) console.log(`Going on from ${checkpoint} at step ${start}`);

const line = progress(steps, { label: "train", start });
const began = performance.now();
const trained = await fit(step, state, {
  steps,
  checkpoint,
  report: async (done, loss) => {
    if (done === start + 1) {
      const seconds = (performance.now() - loaded) / 1000;
      console.log(`First step ${seconds.toFixed(1)} s after the data was loaded`);
    }
    await line.update(done, { loss });
  },
});
await line.finish();
const rate = (trained.done - start) / (performance.now() - began) * 1000;
if (!trained.finished) {
  console.log(`Stopped at step ${trained.done}; run the same command again to go on`);
  Deno.exit(130);
}

const evaluation = await evaluate(compilePredict(simulator, trained.state, validFlow), validFlow);
const page = `${flags.out}/cylinder_flow.html`;
const scores = scoreTable(evaluation);
const count = treeLeaves(trained.state.params).reduce((sum, p) => sum + p.size, 0);
printReport({
  engine: `${engine.engine}, ${engine.devices.length} device(s)`,
  parameters: count.toLocaleString("en"),
  training: `${steps} steps` + (rate > 0 ? `, ${rate.toFixed(1)} steps/s` : ", done before"),
  mesh: `${validFlow.mesh.position.shape[0]} nodes, ${
    validFlow.mesh.senders.shape[0]
  } edges (valid)`,
  page,
}, scores);
await writePage(page, evaluation, {
  points: validRecord.mesh_pos as DataArray,
  triangles: validRecord.cells as DataArray,
  dt: data.valid.metadata.dt ?? 1,
}, scores);
