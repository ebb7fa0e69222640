import { assertEquals } from "@std/assert";
import { entryPoints } from "./documentation.ts";
import { type Module, type Name, type Program, readProgram } from "./program.ts";
import { modules, readText } from "./source.ts";

/** Whether a type belongs to what a module exports: it is a part of another export that is used. */
function isPart({ path, declarations, exports }: Module, name: string, used: Set<string>): boolean {
  if (!declarations.get(name)?.isType) return false;
  return [...exports.keys()].some((other) =>
    other !== name && used.has(`${path}: ${other}`) && declarations.get(other)?.mentions.has(name)
  );
}

/**
 * The exports that no other module uses, as `path: name`, of a program with the given entry points.
 *
 * A re-export is a use only where the name that it gives is used. What only a test uses is used.
 */
function deadExports(program: Program, entries: readonly string[]): string[] {
  const used = new Set<string>();
  const use = ({ path, name }: Name): void => {
    const module = program.get(path);
    if (!module || used.has(`${path}: ${name}`)) return;
    used.add(`${path}: ${name}`);
    const exported = module.exports.get(name);
    if (name === "*") module.exports.forEach((_, each) => use({ path, name: each }));
    if (exported && exported.path !== path) use(exported);
    if (!exported) module.stars.forEach((star) => use({ path: star, name }));
  };
  entries.forEach((path) => use({ path, name: "*" }));
  for (const { imports, dynamic } of program.values()) {
    imports.forEach(use);
    dynamic.forEach((path) => use({ path, name: "*" }));
  }
  return [...program.values()].flatMap((module) =>
    [...module.exports.keys()]
      .filter((name) => !used.has(`${module.path}: ${name}`) && !isPart(module, name, used))
      .map((name) => `${module.path}: ${name}`)
  );
}

Deno.test("every export is used by another module, or is for users", async () => {
  const paths = await modules(
    "mod.ts",
    "lib",
    "datasets",
    "tools",
    "tests",
    "benchmarks",
    "examples",
  );
  const program = readProgram(paths.map((path) => [path, readText(path)]));
  const { ".": main, "./xla": _inside, ...others } = entryPoints();
  // The import map gives the tests' assertions the name of a package.
  const entries = [main!, ...Object.values(others), "tests/support/assert.ts"];
  assertEquals(deadExports(program, entries), []);
});

Deno.test("an export is dead where only its own module or an unused re-export names it", () => {
  const program = readProgram([
    ["mod.ts", `export { shown as renamed } from "./a/mod.ts"; export * as c from "./c.ts";`],
    ["a/mod.ts", `export * from "./a.ts"; export { unread } from "./b.ts";`],
    [
      "a/a.ts",
      `export function shown(x: Part): void {}
       export interface Part {}
       export interface Apart {}
       export const imported = 1, lonely = imported;`,
    ],
    ["a/b.ts", `import { imported } from "./mod.ts"; export const unread = imported;`],
    ["c.ts", `export const member = await import("./d.ts");`],
    ["d.ts", `export const loaded = 1;`],
  ]);
  assertEquals(deadExports(program, ["mod.ts"]), [
    "a/mod.ts: unread",
    "a/a.ts: Apart",
    "a/a.ts: lonely",
    "a/b.ts: unread",
  ]);
});
