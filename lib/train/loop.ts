/**
 * The loop around a training step: watched, stopped, kept and resumed. Copy it to change it.
 *
 * @module
 */
import {
  checkFunction,
  describe,
  isTensor,
  type Tensor,
  type Tree,
  treeDispose,
} from "../tree/mod.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { listenForInterrupt } from "./interrupt.ts";

/**
 * A state that can be trained: any tree of tensors that counts its steps, such as that of
 * `trainStep`.
 */
export type CountingState = { readonly step: Tensor };

/** Options of {@linkcode fit}. */
export interface FitOptions<S, B extends readonly unknown[]> {
  /**
   * How many steps there are, those done before included; as many as there are batches by default.
   */
  readonly steps?: number;
  /**
   * The data of each step: lists of its arguments after the state. An async iterable may read
   * files; a generator may dispose a batch in a `finally` around its `yield`. TypeScript takes
   * `yield [batch]` for an array of any length: write `yield [batch] as const`, or declare the
   * generator's type, `Generator<[Batch]>`. Without batches the step gets the state alone.
   */
  readonly batches?: Iterable<Readonly<B>> | AsyncIterable<Readonly<B>>;
  /**
   * Called after the first step, every `reportEvery`-th, before each checkpoint, and at the end.
   */
  readonly report?: (done: number, loss: number, state: S) => void | Promise<void>;
  /** Steps between two reports, each of which waits for the loss; 25 by default. */
  readonly reportEvery?: number;
  /** The file that keeps the state: at the end, when interrupted, and every `saveEvery`. */
  readonly checkpoint?: string | URL;
  /** Milliseconds between two checkpoints; 20,000 by default. */
  readonly saveEvery?: number;
}

/** The result of {@linkcode fit}. */
export interface Fitted<S> {
  /** The last state. */
  readonly state: S;
  /** The number of steps done, those before included. */
  readonly done: number;
  /** Whether that is the end; false if someone interrupted. */
  readonly finished: boolean;
}

/**
 * Trains until all steps are done, the batches run out, or someone interrupts (Ctrl-C, the stop
 * button of a notebook); the state is kept in each case.
 *
 * The states in between are disposed; the initial one is the caller's, or was donated. Steps are
 * dispatched without waiting, up to some hundredths of a second ahead, so give a jitted step.
 *
 * @param step A step from a state to the next and its loss, such as `jit(trainStep(...).step)`.
 * @param initial The state to begin with; its `step` (int32 `[]`) says how many steps it has behind
 * it.
 * @param options When to stop, what to learn from, how to watch.
 * @returns The last state, and how far it got.
 * @throws {Error} If a loss that is looked at is not finite; the checkpoint before is kept.
 * @throws {RangeError} If an option is no number of steps or time, or nothing says when to stop.
 * @throws {TypeError} If `step` is no function, or does not give a state and a loss; if a batch is
 * no list.
 *
 * @example
 * ```ts
 * import { fit, jit, sgd, type Tensor, trainStep } from "@meshwork/meshwork";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = (p: { w: Tensor }, x: Tensor) => tf.mean(tf.square(tf.sub(p.w, x)));
 * const { init, step } = trainStep(loss, sgd(0.25));
 * const batches = [[tf.tensor1d([1, 3])], [tf.tensor1d([0, 4])]] as [Tensor][];
 * const reported: number[] = [];
 * const { state, done } = await fit(jit(step), init({ w: tf.scalar(0) }), {
 *   batches,
 *   report: (_done, loss) => void reported.push(loss),
 * });
 * assertEquals([done, reported], [2, [5, 5]]);
 * assertAlmostEquals(state.params.w.dataSync()[0]!, 1.5);
 * ```
 */
export async function fit<S extends CountingState, B extends readonly unknown[] = []>(
  step: (state: S, ...batch: B) => readonly [state: S, loss: Tensor],
  initial: S,
  options: FitOptions<S, B>,
): Promise<Fitted<S>> {
  checkFunction(step, "train", "a step");
  checkOptions(options);
  const { steps = Infinity, report, reportEvery = 25, checkpoint, saveEvery = 20_000 } = options;
  const start = await countOf(initial);
  using interrupt = listenForInterrupt();
  const pace = pacer();
  let [state, done, savedAt] = [initial, start, performance.now()];
  let unread: Tensor | null = null;
  const look = async (loss: Tensor): Promise<void> => {
    const value = (await loss.data())[0]!;
    loss.dispose();
    checkFinite(value, done, checkpoint);
    await report?.(done, value, state);
  };
  for await (
    const batch of start < steps ? options.batches ?? nothing() as Iterable<Readonly<B>> : []
  ) {
    // While the batch was read the device was at work; now it must not fall too far behind.
    await pace(unread);
    if (interrupt.requested) break;
    unread?.dispose();
    const [next, loss] = checkResult(step(state, ...checkBatch(batch) as B));
    treeDispose(state, { except: [initial, next] as Tree });
    [state, unread] = [next, loss];
    done++;
    const isTimeToSave = checkpoint !== undefined && performance.now() - savedAt > saveEvery;
    if (done === start + 1 || done % reportEvery === 0 || isTimeToSave) {
      await look(loss);
      unread = null;
    }
    if (isTimeToSave) {
      await saveCheckpoint(checkpoint, state);
      savedAt = performance.now();
    }
    await interrupt.pause();
    if (done >= steps || interrupt.requested) break;
  }
  await pace(null);
  if (unread) await look(unread);
  if (checkpoint !== undefined) await saveCheckpoint(checkpoint, state);
  return { state, done, finished: done >= steps || !interrupt.requested };
}

/**
 * The state that a run before has kept, or null where there is none:
 * `await resume(path) ?? init(...)`.
 *
 * @param path The `checkpoint` of {@linkcode fit}.
 * @returns The state, the caller's to dispose.
 * @throws {SyntaxError} If the file is damaged, or of another kind.
 *
 * @example
 * ```ts
 * import { resume, type TrainState } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const folder = await Deno.makeTempDir();
 * const saved = await resume<TrainState<{ w: tf.Tensor }>>(`${folder}/model.safetensors`);
 * assertEquals(saved, null);
 * ```
 */
export async function resume<S = Tree>(path: string | URL): Promise<S | null> {
  try {
    return (await loadCheckpoint<S>(path)).tree;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Steps that take so long together are sent ahead; whoever interrupts has to wait for them. */
const AHEAD_MS = 40;

/**
 * Keeps the device busy and not far behind: when so many steps have been sent that they take half
 * of that time, it waits for the half before. A step that takes longer than both is waited for
 * itself. Null says that all steps sent were waited for.
 */
function pacer(): (loss: Tensor | null) => Promise<void> {
  let [sent, room, stepMs, since] = [0, 1, Infinity, performance.now()];
  let half: Promise<unknown> | null = null;
  return async (loss) => {
    if (loss && ++sent < room) return;
    const before = half;
    half = loss && arrival(loss);
    await (stepMs > AHEAD_MS ? half : before);
    const now = performance.now();
    if (loss) stepMs = (now - since) / sent;
    room = Math.max(1, Math.floor(AHEAD_MS / 2 / stepMs));
    [sent, since] = [0, now];
  };
}

/** Ends when a tensor is computed, which may be disposed before. */
async function arrival(x: Tensor): Promise<void> {
  const data = x.clone(); // shares them, and so keeps them
  await x.data();
  data.dispose();
}

/** Batches of nothing, without end. */
function* nothing(): Generator<[]> {
  while (true) yield [];
}

async function countOf(state: CountingState): Promise<number> {
  const step: unknown = state?.step;
  if (isTensor(step) && step.dtype === "int32" && step.size === 1) return (await step.data())[0]!;
  throw new TypeError(
    `Cannot train as a state counts its steps: expected int32 [] in "step", got ${
      describe(step)
    } ` +
      `(begin with what init() of trainStep gives)`,
  );
}

function checkOptions<S, B extends readonly unknown[]>(options: FitOptions<S, B>): void {
  // JavaScript, as in a notebook, may leave the options out.
  const { steps, batches, reportEvery = 1, saveEvery = 0 } = options ?? {};
  if (steps === undefined && batches === undefined) {
    throw new RangeError(
      `Cannot train as something must say when to stop: got neither steps nor batches (pass ` +
        `{steps: 1000})`,
    );
  }
  const counts = { steps: steps === undefined || steps === Infinity ? 0 : steps, reportEvery };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= (name === "steps" ? 0 : 1)) continue;
    throw new RangeError(`Cannot train as ${name} is a number of steps: got ${describe(count)}`);
  }
  if (saveEvery >= 0) return;
  throw new RangeError(
    `Cannot train as saveEvery is a time in milliseconds: got ${describe(saveEvery)}`,
  );
}

function checkBatch<B>(batch: Readonly<B>): Readonly<B> {
  if (Array.isArray(batch)) return batch;
  throw new TypeError(
    `Cannot train as a batch is a list of the step's arguments after the state: got ${
      describe(batch)
    } (yield [batch])`,
  );
}

function checkResult<S>(result: readonly [state: S, loss: Tensor]): readonly [S, Tensor] {
  const loss: unknown = Array.isArray(result) ? result[1] : undefined;
  if (isTensor(loss) && loss.size === 1) return result;
  throw new TypeError(
    `Cannot train as a step gives [state, loss], the loss one number: got ${
      Array.isArray(result) ? `[..., ${describe(loss)}]` : describe(result)
    }`,
  );
}

function checkFinite(loss: number, done: number, checkpoint: string | URL | undefined): void {
  if (Number.isFinite(loss)) return;
  const kept = checkpoint === undefined ? "" : `; the checkpoint before it is kept: ${checkpoint}`;
  throw new Error(
    `Cannot go on training as the loss is ${loss} at step ${done} (lower the learning rate, or look ` +
      `for what is not finite in the data${kept})`,
  );
}
