/** A progress line for terminals and notebooks: rate, values, time left. @module */
import { inNotebook } from "./display.ts";
import { lossFigure } from "./figures/loss_figure.ts";
import type { ProgressState } from "./progress_format.ts";
import {
  lineSink,
  notebookSink,
  type ProgressOutput,
  type Sink,
  standardError,
  terminalSink,
} from "./progress_sinks.ts";
import { liveFigure } from "./show.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** The name of the work, e.g. `"train"`. */
  readonly label?: string;
  /** The name of a step, in the plural: `"steps"` by default. */
  readonly unit?: string;
  /** How many are done already, as when training is resumed (default 0). */
  readonly start?: number;
  /** Where lines go outside a notebook; standard error by default. */
  readonly output?: ProgressOutput;
  /**
   * Whether a notebook also draws the values as curves below the line, at most twice a second;
   * false by default.
   */
  readonly curves?: boolean;
}

/** A progress line that has been opened. */
export interface Progress {
  /** Says how many are done now, and shows values beside it, such as a loss. */
  update(done: number, values?: Readonly<Record<string, number>>): Promise<void>;
  /** Shows the last state and ends the line. */
  finish(): Promise<void>;
}

/**
 * Opens a progress line of `total` steps. A terminal's line is rewritten up to 10 times a second, a
 * notebook's up to twice; a file or a pipe gets a line for each tenth. The rate leaves out the time
 * up to the first update, in which programs are compiled.
 *
 * @throws {RangeError} If `total` is not a whole number from 1.
 *
 * @example
 * ```ts
 * import { progress } from "@meshwork/meshwork/plot";
 *
 * const line = progress(3, { label: "train" });
 * for (let step = 1; step <= 3; step++) await line.update(step, { loss: 1 / step });
 * await line.finish();
 * ```
 */
export function progress(total: number, options: ProgressOptions = {}): Progress {
  if (!Number.isInteger(total) || total < 1) {
    throw new RangeError(
      `Cannot show progress as the total must be a whole number from 1: got ${total}`,
    );
  }
  const output = options.output ?? standardError();
  const sink = options.output === undefined && inNotebook()
    ? notebookSink()
    : output.terminal
    ? terminalSink(output)
    : lineSink(output, options.start ?? 0);
  return tracker(total, options, sink, output.now);
}

function tracker(
  total: number,
  options: ProgressOptions,
  sink: Sink,
  clock: () => number,
): Progress {
  const opened = clock();
  let first: { done: number; at: number } | undefined;
  let done = options.start ?? 0;
  let values: Readonly<Record<string, number>> = {};
  const curves = options.curves && options.output === undefined && inNotebook() ? curvesOf() : null;
  const state = (now: number): ProgressState => ({
    label: options.label ?? "",
    unit: options.unit ?? "steps",
    done,
    total,
    rate: first && now > first.at ? (done - first.done) / (now - first.at) * 1000 : NaN,
    seconds: (now - opened) / 1000,
    values,
  });
  return {
    async update(count, shown = values): Promise<void> {
      const now = clock();
      [done, values] = [count, shown];
      first ??= { done, at: now };
      await sink.show(state(now), now, false);
      await curves?.add(done, values);
    },
    async finish(): Promise<void> {
      const now = clock();
      await sink.show(state(now), now, true);
      await curves?.finish();
    },
  };
}

/** Values over steps, drawn while they come. */
function curvesOf(): {
  add(step: number, values: Readonly<Record<string, number>>): Promise<void>;
  finish(): Promise<void>;
} {
  const live = liveFigure();
  const series: Record<string, { steps: number[]; values: number[] }> = {};
  return {
    async add(step, values) {
      for (const [name, value] of Object.entries(values)) {
        const curve = series[name] ??= { steps: [], values: [] };
        curve.steps.push(step);
        curve.values.push(value);
      }
      if (Object.keys(series).length > 0) await live.update(() => lossFigure(series));
    },
    finish: live.finish,
  };
}
