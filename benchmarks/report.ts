/** Figures to text: tables in Markdown, for the terminal and for docs/benchmarks.md. */
import type { Use } from "./first_use.ts";
import { median } from "./quantile.ts";
import type { FirstCall, MemoryUse, Turn } from "./process.ts";

/** What was measured of one contender. */
export interface Result {
  readonly title: string;
  readonly first: FirstCall;
  readonly dispatchUs: number;
  /** Of the first steps. */
  readonly losses: readonly number[];
  /** The largest difference of a loss from the reference's, relative. */
  readonly deviation: number;
  /** One a round. */
  readonly turns: readonly Turn[];
  /** Asked for at the end, or not at all. */
  readonly memory: MemoryUse | null;
}

/** Times of a step, the first result being what the others are compared with. */
export function stepTable(results: readonly Result[]): string {
  const reference = results[0]!;
  return table(
    ["", "ms per step", `speed, ${reference.title} = 1`, "cores' ms per step", "losses differ by"],
    results.map(({ title, turns, losses, deviation }) => [
      title,
      spread(turns.map(({ ms }) => ms), 1),
      spread(turns.map(({ ms }, round) => reference.turns[round]!.ms / ms), 2),
      spread(turns.map(({ cpuMs }) => cpuMs), 1),
      `${deviation.toExponential(1)} (${losses.length} steps)`,
    ]),
  );
}

/** Times of the first call, and what a call costs by itself. */
export function firstCallTable(results: readonly Result[]): string {
  return table(
    ["", "first call, ms", "trace and emit, ms", "compile, ms", "trace's share", "dispatch, µs"],
    results.map(({ title, first, dispatchUs }) => [
      title,
      first.totalMs.toFixed(0),
      ...first.compileMs > 0
        ? [
          first.traceMs.toFixed(0),
          first.compileMs.toFixed(0),
          `${(100 * first.traceMs / first.totalMs).toFixed(1)} %`,
        ]
        : ["-", "-", "-"],
      dispatchUs.toFixed(0),
    ]),
  );
}

/** Memory: of the process at its most, and of the program beside its arguments. */
export function memoryTable(results: readonly Result[]): string {
  return table(
    ["", "process's peak, MB", "program's own, MB"],
    results.map(({ title, memory }) => [
      title,
      memory?.peakMb.toFixed(0) ?? "-",
      memory?.programMb?.toFixed(0) ?? "-",
    ]),
  );
}

/** What an op on two numbers costs that is not read. */
export function opTable(results: readonly Result[]): string {
  return table(
    ["", "a small op, µs"],
    results.map(({ title, dispatchUs }) => [title, dispatchUs.toFixed(0)]),
  );
}

/** Times of ops: all of them together, then those that take longest. */
export function firstUseTable(uses: readonly Use[]): string {
  const slowest = uses.toSorted((a, b) => b.firstMs - a.firstMs);
  const middle = slowest[Math.floor(slowest.length / 2)]!;
  const row = (label: string, { firstMs, nextMs }: Use): string[] => [
    label,
    firstMs.toFixed(2),
    nextMs.toFixed(3),
  ];
  return table(["", "first use, ms", "later, ms"], [
    row(`median of ${uses.length} ops (${middle.op})`, middle),
    ...slowest.slice(0, 5).map((use) => row(use.op, use)),
  ]);
}

/** Where and with what was measured, a line each. */
export function machine(versions: readonly string[]): string {
  const cpu = readText("/proc/cpuinfo").match(/^model name\s*: (.*)$/m)?.[1] ?? Deno.build.arch;
  const gigabytes = (Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0);
  const load = Deno.loadavg()[0]!.toFixed(1);
  return [
    `- ${
      new Date().toISOString().slice(0, 10)
    }; ${Deno.build.os}, ${navigator.hardwareConcurrency}` +
    ` cores of ${cpu}, ${gigabytes} GB; load average at the end ${load}`,
    `- ${[`Deno ${Deno.version.deno}`, ...versions].join("; ")}`,
  ].join("\n");
}

/** `median (min..max)` */
export function spread(values: readonly number[], digits: number): string {
  const [low, mid, high] = [Math.min(...values), median(values), Math.max(...values)]
    .map((x) => x.toFixed(digits));
  return `${mid} (${low}..${high})`;
}

/** A table in Markdown, as `deno fmt` lays it out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(width[i]!)).join(" | ")} |`;
  return [line(head), line(width.map((w) => "-".repeat(w))), ...rows.map(line)].join("\n");
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
