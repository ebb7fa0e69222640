/** Contenders as processes: each computes only while it is asked. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a contender tells of its first call; milliseconds. */
export interface FirstCall {
  readonly totalMs: number;
  /** Of these: tracing the function and writing the program. */
  readonly traceMs: number;
  /** Of these: compiling it. */
  readonly compileMs: number;
  readonly version: string;
}

/** A turn: milliseconds a step, by the clock and of all cores' time. */
export interface Turn {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Memory, in MB. */
export interface MemoryUse {
  /** The most that the process had. */
  readonly peakMb: number;
  /** What the compiled program takes beside its arguments; null where there is none. */
  readonly programMb: number | null;
}

/** What a contender can be asked; see contender.ts. */
export interface Answers {
  readonly first: FirstCall;
  readonly losses: number[];
  readonly run: Turn;
  readonly sums: number[];
  readonly dispatch: number;
  readonly memory: MemoryUse;
  /** How many edges were written to a file; see `neighbors_contender.ts`. */
  readonly edges: number;
}

/** A process that answers lines with lines; it ends when its input does, as when this one dies. */
export class Contender {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(readonly name: string, [command, ...args]: readonly string[]) {
    this.#child = spawn(command!, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...Deno.env.toObject(), TF_CPP_MIN_LOG_LEVEL: "3", MESHWORK_COMPILE_CACHE: "off" },
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Sends a command, and waits for its answer. */
  async ask<Command extends keyof Answers>(command: Command, count = 0): Promise<Answers[Command]> {
    this.#child.stdin!.write(`${command} ${count}\n`);
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    throw new Error(
      `Cannot benchmark ${this.name} as its process ended at "${command} ${count}" ` +
        `(the reason is above; leave it out with --only)`,
    );
  }

  [Symbol.dispose](): void {
    this.#child.stdin!.end();
  }
}
