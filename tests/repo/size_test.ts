import { assertEquals } from "@std/assert";
import { formatPlaces, functionsOf, modules, readText } from "./source.ts";

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 60;

const MODULES = await modules(
  ...["mod.ts", "lib", "datasets", "tests", "tools", "examples", "benchmarks"],
);

Deno.test(`no module has more than ${MAX_FILE_LINES} lines`, () => {
  const long = MODULES
    .map((path) => ({ path, line: readText(path).trimEnd().split("\n").length }))
    .filter(({ line }) => line > MAX_FILE_LINES);
  assertEquals(formatPlaces(long, () => "is the last line"), []);
});

Deno.test(`no function has more than ${MAX_FUNCTION_LINES} lines`, () => {
  const long = MODULES.flatMap((path) => functionsOf(path)).filter(({ lines }) =>
    lines > MAX_FUNCTION_LINES
  );
  assertEquals(formatPlaces(long, ({ name, lines }) => `${name} has ${lines} lines`), []);
});
