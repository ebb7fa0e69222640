/** Contenders take turns: their first losses are compared, then they are timed. */
import { Contender, type MemoryUse, type Turn } from "./process.ts";
import type { Result } from "./report.ts";

/** A contender, and how it is started. */
export interface Spec {
  readonly name: string;
  readonly title: string;
  /** The command of its process. */
  readonly command: () => Promise<readonly string[]>;
  /** At most so many steps a turn, turns, and losses: for those that need seconds for a step. */
  readonly steps?: number;
  readonly rounds?: number;
  readonly losses?: number;
}

/** How much is measured. */
export interface Limits {
  readonly rounds: number;
  readonly steps: number;
  /** Whether contenders are asked for their memory at the end. */
  readonly memory?: boolean;
}

/** How many first losses must agree, and how well: relative to the reference's. */
const LOSSES = 20;
const TOLERANCE = 1e-4;

/** The path of a file of this folder. */
export const local = (path: string): string => new URL(path, import.meta.url).pathname;

/** The largest relative difference of first losses; fails if it is too large. */
function compare(
  { name }: Contender,
  losses: readonly number[],
  reference: Result | undefined,
): number {
  const differences = losses.map((loss, i) => {
    const expected = reference?.losses[i] ?? loss;
    return Math.abs(loss - expected) / Math.abs(expected);
  });
  const deviation = Math.max(...differences);
  if (deviation <= TOLERANCE) return deviation;
  const step = differences.findIndex((difference) => !(difference <= TOLERANCE));
  throw new Error(
    `Cannot compare times as the losses of ${name} must be those of ${reference?.title ?? name} ` +
      `within ${TOLERANCE}: at step ${step} it has ${losses[step]}, expected ` +
      `${reference?.losses[step]}`,
  );
}

/** Lets the contenders run by turns, another one first in each round. */
async function takeTurns(
  specs: readonly Spec[],
  contenders: readonly Contender[],
  turns: readonly Turn[][],
  limits: Limits,
): Promise<void> {
  for (let round = 0; round < limits.rounds; round++) {
    console.error(`round ${round + 1} of ${limits.rounds}`);
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (round + turn) % contenders.length;
      const { rounds = Infinity, steps = Infinity } = specs[i]!;
      if (round >= rounds) continue;
      turns[i]!.push(await contenders[i]!.ask("run", Math.min(steps, limits.steps)));
    }
  }
}

/** Measures all contenders, the reference first. */
export async function race(specs: readonly Spec[], limits: Limits): Promise<Result[]> {
  using processes = new DisposableStack();
  const contenders: Contender[] = [];
  const results: (Result & { turns: Turn[]; memory: MemoryUse | null })[] = [];
  for (const { name, title, command, losses: count = LOSSES } of specs) {
    console.error(`${name}: first call`);
    const contender = processes.use(new Contender(name, await command()));
    const first = await contender.ask("first");
    const losses = await contender.ask("losses", count);
    const deviation = compare(contender, losses, results[0]);
    const dispatchUs = await contender.ask("dispatch", 2000);
    results.push({ title, first, dispatchUs, losses, deviation, turns: [], memory: null });
    contenders.push(contender);
  }
  await takeTurns(specs, contenders, results.map(({ turns }) => turns), limits);
  for (const [i, result] of limits.memory ? results.entries() : []) {
    result.memory = await contenders[i]!.ask("memory");
  }
  return results;
}
