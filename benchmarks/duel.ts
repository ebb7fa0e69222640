/** Two contenders that must find the same edges, and then take turns. @module */
import { Contender, type Turn } from "./process.ts";

/** A contender's name, and the command that starts it, but for the last three words. */
export type Start = readonly [name: string, command: readonly string[]];

/** What was measured. */
export interface Duel {
  /** How many edges both have. */
  readonly edges: number;
  /** Of each contender, one a round. */
  readonly turns: readonly [Turn[], Turn[]];
}

/** How long it lasts. */
export interface Limits {
  readonly rounds: number;
  /** What `run` is given. */
  readonly runs: number;
}

/**
 * Starts both with a case, the file of the points and a file for their edges; compares the edges,
 * then lets them run by turns, another one first in each round.
 */
export async function duel(
  starts: readonly [Start, Start],
  settings: unknown,
  folder: string,
  { rounds, runs }: Limits,
): Promise<Duel> {
  using processes = new DisposableStack();
  const contenders = starts.map(([name, command]) => {
    const words = [JSON.stringify(settings), `${folder}/points`, `${folder}/${name}`];
    return processes.use(new Contender(name, [...command, ...words]));
  }) as [Contender, Contender];
  const counts: number[] = [];
  for (const contender of contenders) counts.push(await contender.ask("edges"));
  const [first, second] = await Promise.all(
    starts.map(([name]) => Deno.readFile(`${folder}/${name}`)),
  ) as [Uint8Array, Uint8Array];
  if (counts[0] !== counts[1] || first.some((byte, i) => byte !== second[i])) {
    throw new Error(
      `Cannot compare times as both must find the same edges: ${starts[0][0]} has ${counts[0]}, ` +
        `${starts[1][0]} ${counts[1]}`,
    );
  }
  for (const contender of contenders) await contender.ask("run", runs);
  const turns: [Turn[], Turn[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 ? [0, 1] as const : [1, 0] as const) {
      turns[i].push(await contenders[i].ask("run", runs));
    }
  }
  return { edges: counts[0]!, turns };
}
