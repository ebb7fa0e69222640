/**
 * Stopping a loop between two steps: Ctrl-C in a terminal, the stop button of a notebook.
 *
 * @module
 */

/** A wish to stop that a loop looks at between its steps. */
export interface Interrupt extends Disposable {
  /** Whether someone asked to stop. */
  readonly requested: boolean;
  /** Lets signals and timers in; call it now and then in a loop, it returns at once mostly. */
  pause(): Promise<void>;
}

/** How long a loop may keep the event loop from looking at signals. */
const PAUSE_EVERY_MS = 50;

/**
 * Listens for an interrupt (SIGINT) until it is disposed. A second one ends the process as usual.
 *
 * Where there are no signals (a browser), nothing is ever requested.
 *
 * @example
 * ```ts
 * import { listenForInterrupt } from "@meshwork/meshwork";
 *
 * using interrupt = listenForInterrupt();
 * for (let step = 0; step < 3 && !interrupt.requested; step++) {
 *   await interrupt.pause();
 * }
 * ```
 */
export function listenForInterrupt(): Interrupt {
  let requested = false;
  let pausedAt = performance.now();
  const stop = (): void => {
    requested = true;
    remove();
  };
  const remove = (): void => {
    if (typeof Deno !== "undefined") Deno.removeSignalListener("SIGINT", stop);
  };
  if (typeof Deno !== "undefined") Deno.addSignalListener("SIGINT", stop);
  return {
    get requested() {
      return requested;
    },
    async pause() {
      if (performance.now() - pausedAt < PAUSE_EVERY_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      pausedAt = performance.now();
    },
    [Symbol.dispose]: remove,
  };
}
