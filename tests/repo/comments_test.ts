import { assertEquals } from "@std/assert";
import { formatPlaces, modules, readText } from "./source.ts";

const MAX_COLUMNS = 100;

/** Lines of a comment; those of an example in it are code, which nobody wraps. */
function wideComments(path: string): { path: string; line: number }[] {
  const wide: { path: string; line: number }[] = [];
  let isExample = false;
  readText(path).split("\n").forEach((text, i) => {
    if (!/^\s*(\/\/|\/\*\*|\*)/.test(text)) return;
    if (/^\s*\* ```/.test(text)) isExample = !isExample;
    if (!isExample && text.length > MAX_COLUMNS) wide.push({ path, line: i + 1 });
  });
  return wide;
}

Deno.test(`no comment is wider than ${MAX_COLUMNS} columns`, async () => {
  const all = await modules(
    ...["mod.ts", "lib", "datasets", "tests", "tools", "examples", "benchmarks"],
  );
  const held = all.filter((path) => !path.includes("_generated"));
  assertEquals(formatPlaces(held.flatMap(wideComments), () => "is wider"), []);
});
