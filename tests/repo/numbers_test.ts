import { assert, assertEquals } from "@std/assert";
import { table, tableText } from "../../lib/plot/mod.ts";
import { entryPoints, exportsOf, FOR_USERS, isExampleDue } from "./documentation.ts";
import { againstTheOrder } from "./layers.ts";
import { functionsOf, importsOf, modules, readText } from "./source.ts";

/** The size of a folder's modules: how many, of how many lines, and the largest function. */
async function sizeOf(folder: string): Promise<(string | number)[]> {
  const paths = await modules(folder);
  const files = paths
    .map((path) => ({ path, lines: readText(path).trimEnd().split("\n").length }))
    .sort((a, b) => a.lines - b.lines);
  const [middle, largest] = [files[files.length >> 1]!, files.at(-1)!];
  const total = files.reduce((sum, { lines }) => sum + lines, 0);
  const longest = paths.flatMap((path) => functionsOf(path))
    .reduce((a, b) => a.lines >= b.lines ? a : b);
  return [
    folder,
    files.length,
    total,
    middle.lines,
    `${largest.lines} ${largest.path.slice(folder.length + 1)}`,
    `${longest.lines} ${longest.path.slice(folder.length + 1)}:${longest.line}`,
  ];
}

Deno.test("the house in numbers", async () => {
  const folders = ["lib", "datasets", "tests", "examples", "benchmarks", "tools"];
  const rows = await Promise.all(folders.map(sizeOf));
  const columns = ["folder", "files", "lines", "median file", "largest file", "largest function"];
  const imports = (await modules("mod.ts", "lib", "datasets")).flatMap((path) => importsOf(path));
  const entries = entryPoints();
  const names = (await Promise.all(FOR_USERS.map((entry) => exportsOf(entries[entry]!)))).flat();
  const due = names.filter(isExampleDue);
  const lacking = due.filter(({ hasExample }) => !hasExample);
  const against = againstTheOrder(imports);
  console.log(tableText(table(columns, rows)));
  console.log(tableText(table(["what", "how many"], [
    ["public names", names.length],
    ["of them functions, classes and constants", due.length],
    ["of these without an example", lacking.length],
    ["imports within the package", imports.filter((each) => each.specifier.endsWith(".ts")).length],
    ["imports against the order of the folders", against.length],
  ])));
  assert(names.length > 200 && imports.length > 700, "it does not see the house any more");
  assertEquals([lacking.length, against.length], [0, 0]);
});
