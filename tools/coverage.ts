/**
 * Measures which lines and branches of `lib/` and `datasets/` their tests reach, folder by folder.
 *
 *     deno task coverage
 *
 * It ends with an error if a test fails, or if less than 90 % of the lines of `lib/` are reached.
 * Files below that are named, so that the next test is easy to choose. Where an engine is missing,
 * so are its lines. Code that tests run in processes of their own does not count.
 *
 * @module
 */
import { table, tableText } from "../lib/plot/mod.ts";

/** How much there is of something, and how much of it was reached. */
export interface Share {
  found: number;
  hit: number;
}

/** The lines and the branches of a file or of a folder. */
export interface Reached {
  readonly lines: Share;
  readonly branches: Share;
}

const LEAST = 90;

/** Reads a report in LCOV's format: what was reached of each file, by its path below `root`. */
export function parseLcov(text: string, root: string): Map<string, Reached> {
  const files = new Map<string, Reached>();
  for (const record of text.split("end_of_record")) {
    const value = (tag: string): string => record.match(RegExp(`^${tag}:(.*)$`, "m"))?.[1] ?? "0";
    const path = value("SF");
    if (!path.startsWith(root)) continue;
    files.set(path.slice(root.length), {
      lines: { found: Number(value("LF")), hit: Number(value("LH")) },
      branches: { found: Number(value("BRF")), hit: Number(value("BRH")) },
    });
  }
  return files;
}

/** Adds up what was reached of files, by what `groupOf` makes of their paths. */
export function sumUp(
  files: ReadonlyMap<string, Reached>,
  groupOf: (path: string) => string,
): Map<string, Reached> {
  const groups = new Map<string, Reached>();
  for (const [path, reached] of files) {
    const group = groupOf(path);
    const sum = groups.get(group) ?? {
      lines: { found: 0, hit: 0 },
      branches: { found: 0, hit: 0 },
    };
    for (const part of ["lines", "branches"] as const) {
      sum[part].found += reached[part].found;
      sum[part].hit += reached[part].hit;
    }
    groups.set(group, sum);
  }
  return groups;
}

/** Percent of something that was reached: all of nothing. */
export function percent({ found, hit }: Share): number {
  return found === 0 ? 100 : 100 * hit / found;
}

async function deno(...args: string[]): Promise<boolean> {
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/** `lib/xla/hlo/node.ts` lies in `lib/xla/hlo`, `datasets/elections.ts` in `datasets`. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

const row = ([name, { lines, branches }]: [string, Reached]): (string | number)[] => [
  name,
  lines.found,
  percent(lines).toFixed(1),
  branches.found,
  percent(branches).toFixed(1),
];

function report(files: ReadonlyMap<string, Reached>): void {
  const columns = ["", "lines", "% reached", "branches", "% reached"];
  const print = (name: string, rows: Iterable<[string, Reached]>): void =>
    console.log(`\n${tableText(table([name, ...columns.slice(1)], [...rows].map(row)))}`);
  const byName = ([a]: [string, Reached], [b]: [string, Reached]): number => a < b ? -1 : 1;
  const low = [...files].filter(([, { lines }]) => percent(lines) < LEAST);
  print("folder", [...sumUp(files, folderOf)].sort(byName));
  if (low.length > 0) print(`file below ${LEAST} %`, low.sort(byName));
  print("all", sumUp(files, (path) => path.split("/")[0]!));
}

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const run = ["test", "-A", "--parallel", "--no-check", "--coverage-raw-data-only"];
    const passed = await deno(...run, `--coverage=${folder}`, "tests/lib", "tests/datasets");
    const lcov = `${folder}/report.lcov`;
    const only = "--include=/(lib|datasets)/";
    await deno(
      "coverage",
      "--quiet",
      "--lcov",
      `--output=${lcov}`,
      only,
      "--exclude=/(tests|_generated)/",
      folder,
    );
    const files = parseLcov(await Deno.readTextFile(lcov), `${Deno.cwd()}/`);
    report(files);
    const lines = sumUp(files, (path) => path.split("/")[0]!).get("lib")?.lines;
    const isEnough = lines !== undefined && percent(lines) >= LEAST;
    if (!passed) console.error("\nTests failed.");
    if (!isEnough) console.error(`\nLess than ${LEAST} % of the lines of lib/ are reached.`);
    Deno.exitCode = passed && isEnough ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
