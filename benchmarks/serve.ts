/** What a contender's process answers to the lines on its standard input. @module */
import * as tf from "@tensorflow/tfjs";
import { jit, type Lowered, type Tensor } from "@meshwork/meshwork";
import { installedEngine } from "@meshwork/meshwork/xla";
import process from "node:process";
import { createInterface } from "node:readline";
import { ENGINE_VERSION } from "../lib/xla/plugin_path.ts";
import type { FirstCall, MemoryUse } from "./process.ts";

/** A training that takes its turns. */
export interface Training {
  /** What the first call took. */
  readonly first: FirstCall;
  /** Goes back to the first parameters. */
  restart(): void | Promise<void>;
  /** Takes a step; the loss is the caller's to dispose. */
  advance(): Tensor;
  /** Runs the smallest work that there is. */
  dispatch(): Tensor;
  /** The memory of the program, in MB, where one was compiled. */
  programMb?(): number | null;
}

const MB = 1e6;

/** What a program takes beside its arguments, as `programMb` of {@linkcode Training}. */
export function programMegabytes(lower: () => Lowered | null): () => number | null {
  return () => {
    const memory = lower()?.cost().memory;
    return memory ? (memory.tempBytes + memory.outputBytes - memory.aliasBytes) / MB : null;
  };
}

/** The most memory that this process had so far, and that of its program. */
function memoryUse(programMb: number | null): MemoryUse {
  const status = Deno.readTextFileSync("/proc/self/status");
  return { peakMb: Number(status.match(/VmHWM:\s*(\d+) kB/)![1]) * 1024 / MB, programMb };
}

/** Reads a loss, and lets it go. */
export async function read(loss: Tensor): Promise<number> {
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}

/** What computes on an engine, with its version. */
export function versionOf(engine: string): string {
  return engine === "xla" ? `XLA of jaxlib ${ENGINE_VERSION}` : `tfjs ${tf.version.tfjs}`;
}

/** Calls the smallest compiled function that does anything. */
export function smallestCall(): () => Tensor {
  const increment = jit((x: Tensor) => tf.add(x, 1));
  const small = tf.ones([2]);
  return () => increment(small);
}

/** Times the first call: a trace of its own, to tell what that takes, then all of it. */
export async function timeFirstCall(
  engine: string,
  trace: () => void,
  call: () => Tensor,
): Promise<FirstCall> {
  const compiled = (): number => installedEngine()?.runtime.stats.compileMs ?? 0;
  const [start, before] = [performance.now(), compiled()];
  trace();
  const traced = performance.now();
  await read(call());
  return {
    totalMs: performance.now() - start,
    traceMs: traced - start,
    compileMs: compiled() - before,
    version: versionOf(engine),
  };
}

/** Answers each line, `command count`, by a line of JSON, until there are no more. */
export async function serve(
  { first, restart, advance, dispatch, programMb = () => null }: Training,
): Promise<void> {
  const commands: Record<string, (count: number) => unknown> = {
    first: () => first,
    async losses(count) {
      await restart();
      const losses: number[] = [];
      while (losses.length < count) losses.push(await read(advance()));
      return losses;
    },
    async run(count) {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      for (let i = 1; i < count; i++) advance().dispose();
      await read(advance());
      const { user, system } = process.cpuUsage(cpu);
      return { ms: (performance.now() - start) / count, cpuMs: (user + system) / 1000 / count };
    },
    async dispatch(count) {
      await read(dispatch());
      const start = performance.now();
      for (let i = 1; i < count; i++) dispatch().dispose();
      await read(dispatch());
      return (performance.now() - start) * 1000 / count;
    },
    memory: () => memoryUse(programMb()),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, count] = line.split(" ") as [string, string];
    console.log(JSON.stringify(await commands[command]!(Number(count))));
  }
}
