/**
 * The first call of a program: its results are pending until something reads them, so that a read
 * that can wait leaves the event loop free while the program is compiled.
 *
 * @module
 */
import type { ProgramMemory } from "../engine/mod.ts";
import { type HloNode, makeNode, type PendingCall, release, retain, settle } from "./hlo/mod.ts";
import type { PjrtExecutable } from "./pjrt/mod.ts";
import type { Layout, Runtime } from "./runtime.ts";
import type { Value } from "./value.ts";

/** A program that can be run, once it is compiled. */
export interface Runnable {
  /** The program's text. */
  readonly text: string;
  /** Whether it is compiled. */
  readonly ready: boolean;
  /** Runs it, compiled now if it was not; returns the values of its results before it is done. */
  run(args: readonly HloNode[]): Value[];
  /**
   * Its need of each device's memory, compiled now if it was not; null if the plugin cannot
   * say.
   */
  memory(): ProgramMemory | null;
  /** Compiles it without blocking the event loop; several may wait for it. */
  prepare(): Promise<void>;
  /** Frees it; a call that is still pending compiles it anew. */
  dispose(): void;
}

/** A program's text, and its executable once there is one. */
export class LazyExecutable implements Runnable {
  readonly #runtime: Runtime;
  #executable: PjrtExecutable | null = null;
  #compiling: Promise<void> | null = null;
  #disposed = false;

  /** @param layout How the program lies on several devices; null for the first device alone. */
  constructor(runtime: Runtime, readonly text: string, readonly layout: Layout | null) {
    this.#runtime = runtime;
  }

  get ready(): boolean {
    return this.#executable !== null;
  }

  /** The executable, compiled now if it was not. */
  get(): PjrtExecutable {
    return this.#executable ??= this.#runtime.programs.compile(this.text, this.layout?.devices);
  }

  run(args: readonly HloNode[]): Value[] {
    return this.#runtime.execute(this.get(), args, this.layout);
  }

  memory(): ProgramMemory | null {
    return this.get().memory();
  }

  prepare(): Promise<void> {
    if (this.#executable) return Promise.resolve();
    return this.#compiling ??= this.#compile().finally(() => this.#compiling = null);
  }

  async #compile(): Promise<void> {
    const executable = await this.#runtime.programs.compileAsync(this.text, this.layout?.devices);
    // Somebody who could not wait may have compiled it meanwhile.
    if (this.#executable || this.#disposed) executable.dispose();
    else this.#executable = executable;
  }

  dispose(): void {
    this.#disposed = true;
    this.#executable?.dispose();
    this.#executable = null;
  }
}

/** The arguments and results of a program. */
export interface CallSignature {
  readonly args: readonly HloNode[];
  readonly results: readonly Pick<HloNode, "shape" | "type">[];
  /** Arguments that the program writes its results over; nothing else holds them. */
  readonly donated: readonly HloNode[];
}

/** A call whose program is not compiled yet. Its results keep its arguments alive. */
export class DeferredCall implements PendingCall {
  readonly results: readonly HloNode[];
  readonly #args: readonly HloNode[];
  readonly #donated: readonly HloNode[];
  #done = false;

  constructor(readonly executable: Runnable, call: CallSignature) {
    this.#args = call.args;
    this.#donated = call.donated;
    this.results = call.results.map(({ shape, type }) =>
      makeNode("call", call.args, shape, type, { call: this })
    );
  }

  prepare(): Promise<void> {
    return this.executable.prepare();
  }

  finish(): void {
    const alive = this.results.filter(isWanted);
    if (this.#done || alive.length === 0) return;
    const results = this.executable.run(this.#args);
    this.#done = true;
    for (const node of this.#donated) (node.data as Value).markDonated();
    // Settling lets go of arguments, which must not free a result that is yet to be settled.
    alive.forEach(retain);
    this.results.forEach((node, i) => {
      if (isWanted(node)) settle(node, results[i]!);
      else results[i]!.dispose();
    });
    alive.forEach(release);
  }
}

/** Whether something shows or reads a result; one without elements is a constant already. */
function isWanted({ op, references }: HloNode): boolean {
  return op === "call" && references > 0;
}
