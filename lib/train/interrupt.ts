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
 * Listens for an interrupt (SIGINT) until it is disposed. A second one ends the process as usual;
 * a notebook's kernel is never ended by one, from the first time of listening on.
 *
 * Where there are no signals (a browser), nothing is ever requested. A loop that never awaits hears
 * nothing either: {@linkcode watchForInterrupt} is for those.
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
  const stop = (): void => {
    requested = true;
    remove();
  };
  const remove = (): void => {
    if (typeof Deno !== "undefined") Deno.removeSignalListener("SIGINT", stop);
  };
  if (typeof Deno !== "undefined") Deno.addSignalListener("SIGINT", stop);
  keepKernelAlive();
  return interruptOf(() => requested, remove);
}

/** What the watcher runs: it raises a flag in memory that both threads see. */
const WATCHER = `
  self.onmessage = ({ data }) => {
    const flag = new Int32Array(data);
    const stop = () => {
      Atomics.store(flag, 0, 1);
      Deno.removeSignalListener("SIGINT", stop);
    };
    Deno.addSignalListener("SIGINT", stop);
    self.onmessage = () => {
      Deno.removeSignalListener("SIGINT", stop);
      self.close();
    };
    self.postMessage("ready");
  };
`;

/**
 * Listens for an interrupt as {@linkcode listenForInterrupt} does, for loops that never await: a
 * thread of its own hears the signal while this one computes. To start it takes some hundredths of
 * a second, in a notebook a second.
 *
 * @example
 * ```ts
 * import { watchForInterrupt } from "@meshwork/meshwork";
 *
 * using interrupt = await watchForInterrupt();
 * for (let step = 0; step < 3 && !interrupt.requested; step++) {
 *   // Work that does not await.
 * }
 * ```
 */
export async function watchForInterrupt(): Promise<Interrupt> {
  if (typeof Deno === "undefined") return interruptOf(() => false, () => {});
  const address = URL.createObjectURL(new Blob([WATCHER], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module" });
  const flag = new Int32Array(new SharedArrayBuffer(4));
  await new Promise((resolve) => {
    worker.onmessage = resolve;
    worker.postMessage(flag.buffer);
  });
  URL.revokeObjectURL(address);
  keepKernelAlive();
  return interruptOf(() => Atomics.load(flag, 0) === 1, () => worker.postMessage("close"));
}

function interruptOf(requested: () => boolean, dispose: () => void): Interrupt {
  let pausedAt = performance.now();
  return {
    get requested() {
      return requested();
    },
    async pause() {
      if (performance.now() - pausedAt < PAUSE_EVERY_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      pausedAt = performance.now();
    },
    [Symbol.dispose]: dispose,
  };
}

const ignore = (): void => {};
let kernelIsKept = false;

/** Without a listener the stop button ends the kernel, and with it all that was computed. */
function keepKernelAlive(): void {
  if (kernelIsKept || typeof Deno === "undefined" || !isKernel()) return;
  Deno.addSignalListener("SIGINT", ignore);
  kernelIsKept = true;
}

function isKernel(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    // Outside the kernel the property is there, and throws.
    return false;
  }
}
