/** Where progress is shown: a terminal, a file or pipe, a notebook. @module */
import { escapeHtml } from "../base/mod.ts";
import { send } from "./display.ts";
import { formatProgress, type ProgressState } from "./progress_format.ts";

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

/** Where states go; each decides which of them are shown. */
export interface Sink {
  show(state: ProgressState, now: number, last: boolean): void | Promise<void>;
}

const TERMINAL_MS = 100;
const NOTEBOOK_MS = 500;

/** A line that is rewritten in place. */
export function terminalSink(output: ProgressOutput): Sink {
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

/** A line for each tenth of the way, for files and pipes. */
export function lineSink(output: ProgressOutput, start: number): Sink {
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

/** A bar in the output of a notebook's cell. */
export function notebookSink(): Sink {
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

/** Standard error, or the console where there is none. */
export function standardError(): ProgressOutput {
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
