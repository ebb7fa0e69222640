/** The figures of runs, kept in a file, and what is written from them. @module */
import { median } from "../quantile.ts";
import { type Result, spread, table } from "../report.ts";
import { plotSpeeds } from "./plot.ts";
import { MOLECULES } from "./molecules.ts";
import { type Mode, ROLLOUT, WORKLOADS } from "./workloads.ts";

/** One run: all contenders of a workload by turns. */
export interface Run {
  readonly what: string;
  readonly mode: Mode;
  /** Where and with what, lines in Markdown. */
  readonly machine: string;
  /** The first one is what speeds are measured against. */
  readonly results: readonly Result[];
}

const FIGURES = new URL("figures.json", import.meta.url);
const DOCUMENT = new URL("../../docs/benchmarks.md", import.meta.url);
const PLOT = new URL("../../docs/peers.svg", import.meta.url);

async function readRuns(): Promise<Run[]> {
  try {
    return JSON.parse(await Deno.readTextFile(FIGURES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The place of a run among all: workloads in order, and their modes. */
function placeOf({ what, mode }: Run): number {
  return 10 * Object.keys(WORKLOADS).indexOf(what) + WORKLOADS[what]!.modes.indexOf(mode);
}

/** Keeps a run's figures in place of those that there were. */
export async function keepFigures(run: Run): Promise<void> {
  const others = (await readRuns()).filter((other) => placeOf(other) !== placeOf(run));
  const runs = [...others, run].sort((a, b) => placeOf(a) - placeOf(b));
  const round = (_: string, x: unknown): unknown =>
    typeof x === "number" ? Number(x.toPrecision(6)) : x;
  await Deno.writeTextFile(FIGURES, JSON.stringify(runs, round, 2) + "\n");
}

/** What a step is called where it is a thing of its own. */
function nameOf({ what, mode }: Run): string {
  return `${WORKLOADS[what]!.title.split(":")[0]}, ${mode}`;
}

/** All contenders in the order of columns, bars and colours. */
const CONTENDERS = [
  "JAX, jraph",
  "PyTorch Geometric",
  "PyTorch Geometric, CSR",
  "xla",
  "xla, edges sorted",
  "xla, passes off",
  "wasm",
];

/** The contenders that there are figures of. */
function contendersOf(runs: readonly Run[]): string[] {
  return CONTENDERS.filter((name) =>
    runs.some(({ results }) => results.some(({ title }) => title === name))
  );
}

/** A table with a row for each run and a column for each contender. */
function byContender(
  runs: readonly Run[],
  titles: readonly string[],
  cell: (result: Result, reference: Result, run: Run) => string,
): string {
  return table(
    ["", ...titles],
    runs.map((run) => [
      nameOf(run),
      ...titles.map((title) => {
        const result = run.results.find((result) => result.title === title);
        return result ? cell(result, run.results[0]!, run) : "-";
      }),
    ]),
  );
}

/** The ratios to the reference's turns. */
function speedsOf({ turns }: Result, reference: Result): number[] {
  return turns.map(({ ms }, round) => reference.turns[round]!.ms / ms);
}

function firstCalls(runs: readonly Run[]): string {
  const head = ["", "first step, JAX", "xla", "compile, JAX", "xla", "trace, JAX", "xla"];
  return table(
    head,
    runs.flatMap((run) => {
      const of = (title: string) => run.results.find((result) => result.title === title)?.first;
      const [jax, xla] = [of("JAX, jraph"), of("xla")];
      if (!jax || !xla) return [];
      const pairs = [
        jax.totalMs,
        xla.totalMs,
        jax.compileMs,
        xla.compileMs,
        jax.traceMs,
        xla.traceMs,
      ];
      return [[nameOf(run), ...pairs.map((ms) => ms.toFixed(0))]];
    }),
  );
}

/** Steps, graphs or steps of a rollout a second. */
function rateOf({ turns }: Result, { mode }: Run): string {
  const ms = median(turns.map(({ ms }) => ms));
  if (mode === "epoch") return `${(MOLECULES / ms * 1000).toFixed(0)} graphs/s`;
  if (mode === "rollout") return `${(ROLLOUT / ms * 1000).toFixed(1)} steps/s`;
  return `${ms.toFixed(0)} ms`;
}

/** The machine and versions of all runs, each said once, and how busy it was. */
function machinesOf(runs: readonly Run[]): string {
  const load = /; load average at the end ([\d.]+)/;
  const loads = runs.map(({ machine }) => Number(machine.match(load)?.[1] ?? 0));
  const lines = runs.flatMap(({ machine }) => machine.replace(load, "").split("\n"));
  // A list of versions that is part of another says nothing new.
  const said = [...new Set(lines)].filter((line, _, all) =>
    !all.some((other) => other !== line && other.startsWith(line))
  );
  return [...said, `- Load average: ${Math.min(...loads)} to ${Math.max(...loads)}`]
    .map(wrap).join("\n");
}

/** Breaks an item of a list where `deno fmt` does. */
function wrap(item: string): string {
  const lines = [""];
  for (const word of item.split(" ")) {
    const longer = `${lines.at(-1)}${lines.at(-1) === "" ? "" : " "}${word}`;
    if (longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(`  ${word}`);
  }
  return lines.join("\n");
}

/** Writes tables and plot of all figures that are kept. */
export async function writeFigures(): Promise<void> {
  const runs = await readRuns();
  const titles = contendersOf(runs);
  const megabytes = ({ memory }: Result): string =>
    memory
      ? `${memory.peakMb.toFixed(0)}${
        memory.programMb === null ? "" : ` (${memory.programMb.toFixed(0)})`
      }`
      : "-";
  const text = [
    machinesOf(runs),
    "Speed, JAX = 1: median and spread of the ratios, turn by turn.",
    byContender(runs, titles, (result, reference) => spread(speedsOf(result, reference), 2)),
    "A step (medians):",
    byContender(runs, titles, (result, _, run) => rateOf(result, run)),
    "Milliseconds of all cores a step (medians):",
    byContender(runs, titles, ({ turns }) => median(turns.map(({ cpuMs }) => cpuMs)).toFixed(0)),
    "The first step, milliseconds; taken once each, so that what other programs do shows most here:",
    firstCalls(runs),
    "Memory, MB: the process at its most, and of it what the program takes beside its arguments.",
    byContender(runs, titles, megabytes),
  ].join("\n\n");
  await replaceFigures(text);
  const bars = runs.map((run) => ({
    name: nameOf(run),
    speeds: run.results.map((result) => ({
      title: result.title,
      speed: median(speedsOf(result, run.results[0]!)),
    })),
  }));
  await Deno.writeTextFile(PLOT, plotSpeeds(bars, titles));
}

async function replaceFigures(text: string): Promise<void> {
  const document = await Deno.readTextFile(DOCUMENT);
  const [begin, end] = ["<!-- figures: peers -->", "<!-- end of figures: peers -->"];
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`Cannot write figures as ${DOCUMENT} has no "${begin}"`);
  await Deno.writeTextFile(DOCUMENT, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}
