/** A progress line for terminals and notebooks: rate, values, time left. @module */
import { inNotebook, send } from "./display.ts";
import { escapeHtml } from "../base/mod.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** What is going on, e.g. `"train"`. */
  readonly label?: string;
  /** What is counted: `"steps"` by default. */
  readonly unit?: string;
  /** How many are done already, as when training is resumed (default 0). */
  readonly start?: number;
  /** Where lines go outside a notebook; standard error by default. */
  readonly output?: ProgressOutput;
}

/** A place for lines of text. */
export interface ProgressOutput {
  /** Whether a line can be overwritten. */
  readonly terminal: boolean;
  /** How many characters a line has room for. */
  readonly columns: number;
  /** Writes text as it is, line ends included. */
  write(text: string): void;
  /** Milliseconds on any clock. */
  now(): number;
}

/** A progress line that has been opened. */
export interface Progress {
  /** Says how many are done now, and shows values beside it, such as a loss. */
  update(done: number, values?: Readonly<Record<string, number>>): Promise<void>;
  /** Shows the last state and ends the line. */
  finish(): Promise<void>;
}

/** What a progress line says. */
export interface ProgressState {
  /** What is going on. */
  readonly label: string;
  /** What is counted. */
  readonly unit: string;
  /** How many are done. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
  /** Per second, or NaN before that is known. */
  readonly rate: number;
  /** Time since the line was opened. */
  readonly seconds: number;
  /** Numbers shown beside it, by name. */
  readonly values: Readonly<Record<string, number>>;
}

const TERMINAL_MS = 100;
const NOTEBOOK_MS = 500;

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

/** Where states go; each decides which of them are shown. */
interface Sink {
  show(state: ProgressState, now: number, last: boolean): void | Promise<void>;
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
    },
    async finish(): Promise<void> {
      const now = clock();
      await sink.show(state(now), now, true);
    },
  };
}

function terminalSink(output: ProgressOutput): Sink {
  let shownAt = -Infinity;
  return {
    show(state, now, last) {
      if (!last && now - shownAt < TERMINAL_MS) return;
      shownAt = now;
      // The line is cut to the terminal's width: a wrapped one could not be overwritten.
      const line = formatProgress(state, { bar: true }).slice(0, output.columns - 1);
      output.write(`\r${line}\x1b[K${last ? "\n" : ""}`);
    },
  };
}

function lineSink(output: ProgressOutput, start: number): Sink {
  let shown = -1;
  return {
    show(state, _now, last) {
      const tenth = Math.floor(state.done / state.total * 10);
      if (shown < 0) shown = Math.floor(start / state.total * 10);
      if (tenth <= shown && !(last && state.done < state.total)) return;
      shown = tenth;
      output.write(`${formatProgress(state)}\n`);
    },
  };
}

function notebookSink(): Sink {
  const id = crypto.randomUUID();
  let shownAt = -Infinity;
  let opened = false;
  return {
    async show(state, now, last) {
      if (!last && now - shownAt < NOTEBOOK_MS) return;
      shownAt = now;
      await send(progressBundle(state), opened ? { id, update: true } : { id });
      opened = true;
    },
  };
}

function progressBundle(state: ProgressState): Record<string, string> {
  const text = formatProgress(state);
  const bar = `<progress max="${state.total}" value="${state.done}" ` +
    `style="width:220px;vertical-align:middle;margin-right:12px"></progress>`;
  const html = `<div style="font-variant-numeric:tabular-nums;white-space:pre">${bar}${
    escapeHtml(text)
  }</div>`;
  return { "text/html": html, "text/plain": text };
}

/**
 * A state as one line: `train  350/1000  35%  12.3 steps/s  loss 0.0123  0:53 left`. Once all is done
 * the time taken stands in place of the time left.
 *
 * @example
 * ```ts
 * import { formatProgress } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const counted = { label: "train", unit: "steps", done: 50, total: 200 };
 * const line = formatProgress({ ...counted, rate: 5, seconds: 10, values: { loss: 0.5 } });
 * assertEquals(line, "train  50/200  25%  5 steps/s  loss 0.5  0:30 left");
 * ```
 */
export function formatProgress(
  state: ProgressState,
  options: { readonly bar?: boolean } = {},
): string {
  const { done, total, rate } = state;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * 20);
  const left = done >= total
    ? `${formatSeconds(state.seconds)} in all`
    : rate > 0
    ? `${formatSeconds((total - done) / rate)} left`
    : "";
  return [
    state.label,
    options.bar ? "█".repeat(filled) + "░".repeat(20 - filled) : "",
    `${done}/${total}`,
    `${Math.floor(share * 100)}%`,
    rate > 0 ? `${Number(rate.toPrecision(3))} ${state.unit}/s` : "",
    ...Object.entries(state.values).map(([name, v]) => `${name} ${Number(v.toPrecision(4))}`),
    left,
  ].filter((part) => part !== "").join("  ");
}

/** Seconds as `m:ss`, or `h:mm:ss` from an hour on. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function standardError(): ProgressOutput {
  const now = (): number => performance.now();
  if (typeof Deno === "undefined") {
    return { terminal: false, columns: 80, write: (text) => console.log(text.trimEnd()), now };
  }
  const terminal = Deno.stderr.isTerminal();
  const encoder = new TextEncoder();
  return {
    terminal,
    columns: terminal ? Deno.consoleSize().columns : 80,
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
    now,
  };
}
