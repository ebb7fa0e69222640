/** The interrupt is tested by tests/examples/interrupted_run.ts, in a process of its own. */
import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  fit,
  type FitOptions,
  resume,
  saveCheckpoint,
  type TrainState,
  trainStep,
} from "../../../lib/train/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeDispose, treeLeaves } from "../../../lib/tree/mod.ts";
import { init as initEngine } from "../../../lib/init/mod.ts";
import { installedEngine } from "../../../lib/xla/mod.ts";
import { forEachEngine, hasXla } from "../../support/engines.ts";

type Params = { readonly w: Tensor };
type State = TrainState<Params>;

const loss = ({ w }: Params, x: Tensor): Tensor => tf.mean(tf.square(tf.sub(w, x)));
const { init, step } = trainStep(loss, adam(0.1));
const start = (): State => init({ w: tf.scalar(0) });
const numbers = (state: State): number[] =>
  treeLeaves(state as Tree).flatMap((x) => [...x.dataSync()]);

/** Batches from number `from` on, that are disposed when the next one is asked for. */
function* draw(from = 0, to = Infinity): Generator<[Tensor]> {
  for (let i = from; i < to; i++) {
    const x = tf.tensor1d([i, 2 * i]);
    try {
      yield [x];
    } finally {
      x.dispose();
    }
  }
}

forEachEngine("fit() trains to the last step, and keeps no tensor but the last state", async () => {
  const initial = start();
  const before = tf.memory().numTensors;
  const { state, done, finished } = await fit(jit(step), initial, { steps: 5, batches: draw() });
  assertEquals([done, finished, state.step.dataSync()[0]], [5, true, 5]);
  assertEquals(tf.memory().numTensors - before, treeLeaves(state).length);
  let expected = start();
  for (const [x] of draw(0, 5)) [expected] = step(expected, x);
  numbers(expected).forEach((x, i) =>
    assertEquals(Math.fround(numbers(state)[i]! - x) < 1e-6, true)
  );
  assertEquals(numbers(initial), numbers(start()));
});

forEachEngine("fit() may be given a step that donates, and one that hands tensors on", async () => {
  const donating = await fit(jit(step, { donate: 0 }), start(), { steps: 3, batches: draw() });
  assertEquals(donating.state.step.dataSync()[0], 3);
  const frozen = tf.scalar(7);
  const initial = { step: tf.scalar(0, "int32"), frozen };
  const one = tf.scalar(1, "int32");
  const counting = (state: typeof initial): [typeof initial, Tensor] => [
    { ...state, step: tf.add(state.step, one) },
    tf.clone(frozen),
  ];
  const { state } = await fit(counting, initial, { steps: 2 });
  assertEquals([state.step.dataSync()[0], state.frozen.dataSync()[0]], [2, 7]);
});

forEachEngine("fit() reports the first step, every n-th and the last, with the state", async () => {
  const reports: number[][] = [];
  const report = (done: number, loss: number, state: State): void => {
    reports.push([done, state.step.dataSync()[0]!]);
    assertEquals(loss > 0 || done === 1, true);
  };
  await fit(step, start(), { steps: 7, batches: draw(), report, reportEvery: 3 });
  assertEquals(reports, [[1, 1], [3, 3], [6, 6], [7, 7]]);
});

forEachEngine("fit() ends where the batches do, of an async iterable too", async () => {
  async function* slowly(): AsyncGenerator<[Tensor]> {
    for (const batch of draw(0, 4)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield batch;
    }
  }
  const done: number[] = [];
  const report = (n: number): void => void done.push(n);
  const fitted = await fit(step, start(), { batches: slowly(), report });
  assertEquals([fitted.done, fitted.finished, done], [4, true, [1, 4]]);
});

Deno.test("fit() asks for no batch after the last step, and closes the iterable", async () => {
  const asked: (number | string)[] = [];
  function* watched(): Generator<[Tensor]> {
    try {
      for (let i = 0; i < 9; i++) {
        asked.push(i);
        yield [tf.scalar(i)];
      }
    } finally {
      asked.push("closed");
    }
  }
  const { state } = await fit(step, start(), { steps: 2, batches: watched() });
  assertEquals(asked, [0, 1, "closed"]);
  await fit(step, state, { steps: 2, batches: watched() });
  assertEquals(asked, [0, 1, "closed"]);
});

forEachEngine("resume() goes on as if the run had not been stopped", async () => {
  const folder = await Deno.makeTempDir();
  const checkpoint = `${folder}/run.safetensors`;
  assertEquals(await resume<State>(checkpoint), null);
  const whole = await fit(step, start(), { steps: 6, batches: draw() });
  await fit(step, start(), { steps: 3, batches: draw(), checkpoint });
  const saved = await resume<State>(checkpoint);
  const { state, done } = await fit(step, saved!, { steps: 6, batches: draw(3), checkpoint });
  assertEquals([done, numbers(state)], [6, numbers(whole.state)]);
  assertEquals(numbers((await resume<State>(checkpoint))!), numbers(state));
  await Deno.remove(folder, { recursive: true });
});

forEachEngine(
  "fit() stops at a loss that is not finite, and keeps the checkpoint before",
  async () => {
    const folder = await Deno.makeTempDir();
    const checkpoint = `${folder}/run.safetensors`;
    const good = start();
    await saveCheckpoint(checkpoint, good);
    const batches = function* (): Generator<[Tensor]> {
      yield* draw(0, 2);
      yield [tf.scalar(NaN)];
      yield* draw();
    };
    // Saved after each step, so each loss is looked at before.
    await assertRejects(
      () => fit(step, start(), { steps: 9, batches: batches(), checkpoint, saveEvery: 0 }),
      Error,
      `Cannot go on training as the loss is NaN at step 3 (lower the learning rate, or look for what ` +
        `is not finite in the data; the checkpoint before it is kept: ${checkpoint})`,
    );
    const kept = (await resume<State>(checkpoint))!;
    assertEquals([kept.step.dataSync()[0]! < 3, Number.isFinite(kept.params.w.dataSync()[0])], [
      true,
      true,
    ]);
    treeDispose([good, kept]);
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test("resume() does not take a damaged file for none", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "no checkpoint");
  await assertRejects(() => resume(path), SyntaxError, "Cannot read checkpoint");
  await Deno.remove(path);
});

Deno.test("fit() takes a generator's lists as TypeScript sees them `as const`", async () => {
  function* batches() {
    for (const x of [1, 2]) yield [tf.scalar(x)] as const;
  }
  assertEquals((await fit(step, start(), { batches: batches() })).done, 2);
});

Deno.test("fit() refuses what cannot be trained", async () => {
  const bad = (value: unknown) => value as never;
  const options = (some: object) => bad(some) as FitOptions<State, [Tensor]>;
  const steps = options({ steps: 1, batches: [[tf.scalar(1)]] });
  const cases: [() => Promise<unknown>, string][] = [
    [() => fit(bad(1), start(), steps), "a step must be a function: got"],
    [() => fit(step, bad({}), steps), 'expected int32 [] in "step", got undefined'],
    [() => fit(step, bad({ step: tf.scalar(1) }), steps), "got float32 []"],
    [() => fit(step, start(), options({})), "something must say when to stop"],
    [
      () => fit(step, start(), bad(undefined)),
      "got neither steps nor batches (pass {steps: 1000})",
    ],
    [
      () => fit(step, start(), options({ batches: [tf.scalar(1)] })),
      "a batch is a list of the step's arguments after the state: got float32 [] (yield [batch])",
    ],
    [() => fit(step, start(), options({ steps: 1.5 })), "steps is a number of steps: got"],
    [() => fit(step, start(), options({ steps: NaN })), "steps is a number of steps: got"],
    [() => fit(step, start(), options({ steps: 1, reportEvery: 0 })), "reportEvery is a number of"],
    [() => fit(step, start(), options({ steps: 1, saveEvery: NaN })), "saveEvery is a time in"],
    [() => fit(bad(() => null), start(), steps), "a step gives [state, loss], the loss one number"],
    [
      () => fit(bad((s: State) => [s, s.params]), start(), steps),
      "got [..., an object with keys {w}]",
    ],
  ];
  for (const [call, message] of cases) await assertRejects(call, Error, message);
});

Deno.test({
  name: "fit() waits for losses that it reports and to keep pace, and copies no argument [xla]",
  ignore: !hasXla,
  async fn() {
    await initEngine({ engine: "xla" });
    const x = tf.tensor1d(Float32Array.from({ length: 100_000 }, (_, i) => i % 7));
    const compiled = jit(step);
    const { stats } = installedEngine()!.runtime;
    // The first run compiles, and brings the batch to the device.
    const options = { batches: Array.from({ length: 40 }, () => [x] as [Tensor]) };
    treeDispose((await fit(compiled, start(), options)).state);
    const initial = start();
    const counts = (): number[] => [stats.uploads, stats.downloads, stats.executions];
    const before = counts();
    let reports = 0;
    const report = () => void reports++;
    const began = performance.now();
    const { state } = await fit(compiled, initial, { ...options, reportEvery: 20, report });
    const [uploads, downloads, executions] = counts().map((count, i) => count - before[i]!);
    assertEquals([executions, reports], [40, 3]);
    // The count of the initial state is on the host; so are its other leaves, until the first step.
    const paces = 2 + 2 * (performance.now() - began) / 40; // one in 40 ms, or a step
    assertEquals(
      downloads! >= reports && downloads! <= reports + paces,
      true,
      `${downloads} reads`,
    );
    assertEquals(uploads! <= treeLeaves(initial as Tree).length, true, `${uploads} uploads`);
    treeDispose([state, initial, x] as Tree);
  },
});

Deno.test("fit() waits for each slow step, so that an interrupt waits for one only", async () => {
  let [waited, ahead, most] = [0, 0, 0];
  const slow = (state: State, x: Tensor): readonly [State, Tensor] => {
    const [next, value] = step(state, x);
    most = Math.max(most, ++ahead);
    const data = value.data.bind(value);
    value.data = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      [waited, ahead] = [waited + 1, 0];
      return await data();
    }) as typeof value.data;
    return [next, value];
  };
  await fit(slow, start(), { steps: 6, batches: draw() });
  assertEquals([waited >= 6, most], [true, 1]);
});
