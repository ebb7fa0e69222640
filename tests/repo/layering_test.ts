import { assert, assertEquals } from "@std/assert";
import { againstTheOrder, layerOf } from "./layers.ts";
import {
  callsOf,
  denoUses,
  formatPlaces,
  type Import,
  importsOf,
  methodCallsOf,
  modules,
  statementTypes,
} from "./source.ts";

const SOURCES = await modules("mod.ts", "lib", "datasets");
const IMPORTS = SOURCES.flatMap((path) => importsOf(path));

const say = ({ specifier }: Import) => `imports ${specifier}`;

Deno.test("every module of lib/ and datasets/ belongs to a layer", () => {
  assertEquals(SOURCES.filter((path) => path !== "mod.ts" && !layerOf(path)), []);
});

Deno.test("modules import only their own layer and the layers before it", () => {
  assertEquals(formatPlaces(againstTheOrder(IMPORTS), say), []);
});

Deno.test("a layer is entered by its mod.ts, or by the internal.ts beside it", () => {
  const wrong = IMPORTS.filter((each) => {
    const own = layerOf(each.path);
    const target = layerOf(each.specifier);
    if (!own || !target || own === target) return false;
    return ![`${target}/mod.ts`, `${target}/internal.ts`].includes(each.specifier);
  });
  assertEquals(formatPlaces(wrong, say), []);
});

Deno.test("lib/base imports nothing but itself", () => {
  const wrong = IMPORTS.filter(({ path, specifier }) =>
    layerOf(path) === "lib/base" && layerOf(specifier) !== "lib/base"
  );
  assertEquals(formatPlaces(wrong, say), []);
});

Deno.test("nothing but lib/xla imports lib/xla, and only lib/init loads it when asked", () => {
  const wrong = IMPORTS.filter(({ path, specifier, isDynamic }) =>
    layerOf(specifier) === "lib/xla" && layerOf(path) !== "lib/xla" &&
    !(isDynamic && layerOf(path) === "lib/init")
  );
  assertEquals(formatPlaces(wrong, say), []);
});

Deno.test("only lib/tfjs and lib/xla reach for TensorFlow.js's engine", () => {
  const wrong = SOURCES
    .filter((path) => !["lib/tfjs", "lib/xla"].includes(layerOf(path) ?? ""))
    .flatMap((path) => methodCallsOf(path, "engine"));
  assertEquals(formatPlaces(wrong, () => "calls tf.engine()"), []);
});

Deno.test("what mod.ts reaches imports no Node module", () => {
  const wrong = IMPORTS.filter(({ path, specifier, isDynamic }) =>
    !isDynamic && specifier.startsWith("node:") &&
    !["lib/xla", "datasets"].includes(layerOf(path) ?? "")
  );
  assertEquals(formatPlaces(wrong, say), []);
});

Deno.test("only lib/xla/pjrt and lib/sharding open native libraries", async () => {
  const all = await modules("mod.ts", "lib", "datasets", "tools", "examples", "benchmarks");
  const wrong = all
    .filter((path) => !/^lib\/(xla\/pjrt|sharding)\//.test(path))
    .flatMap((path) => denoUses(path).filter(({ member }) => member === "dlopen"));
  assertEquals(formatPlaces(wrong, () => "calls Deno.dlopen"), []);
});

Deno.test("the set-up imports no package, as it runs before any is fetched", async () => {
  const all = (await modules("lib", "tools")).flatMap((path) => importsOf(path));
  const next = Map.groupBy(all.filter(({ isType }) => !isType), ({ path }) => path);
  const targets = new Map(
    [...next].map(([path, imports]) => [path, imports.map(({ specifier }) => specifier)]),
  );
  const files = [...reached("tools/setup.ts", targets)];
  assert(files.includes("lib/xla/pjrt/plugin.ts"));
  assertEquals(files.filter((specifier) => !specifier.endsWith(".ts")), []);
});

Deno.test("only datasets/ uses the network", () => {
  const wrong = SOURCES
    .filter((path) => layerOf(path) !== "datasets")
    .flatMap((path) => callsOf(path, "fetch"));
  assertEquals(formatPlaces(wrong, () => "calls fetch"), []);
});

Deno.test("no module touches Deno while it is imported", () => {
  const wrong = SOURCES.flatMap((path) => denoUses(path).filter((use) => use.isAtImport));
  assertEquals(formatPlaces(wrong, ({ member }) => `uses Deno.${member} outside a function`), []);
});

Deno.test("mod.ts re-exports and does nothing else", () => {
  const allowed = ["ExportAllDeclaration", "ExportNamedDeclaration"];
  assertEquals(statementTypes("mod.ts").filter((type) => !allowed.includes(type)), []);
  const doors = importsOf("mod.ts");
  assertEquals(formatPlaces(doors.filter((each) => !each.specifier.endsWith("/mod.ts")), say), []);
  // An export without a source would be a declaration: `export const x = …`.
  assertEquals(doors.length, statementTypes("mod.ts").length);
});

Deno.test("an import against the order is found, one that waits for a call too", () => {
  const text = `
    import { a } from "../tree/mod.ts";
    import { b } from "./b.ts";
    import { c } from "../nn/mod.ts";
    import { d } from "../../tools/d.ts";
    import * as tf from "@tensorflow/tfjs";
    const later = () => import("../../datasets/mod.ts");
  `;
  const wrong = againstTheOrder(importsOf("lib/graph/a.ts", text));
  assertEquals(wrong.map(({ specifier }) => specifier), [
    "lib/nn/mod.ts",
    "tools/d.ts",
    "datasets/mod.ts",
  ]);
});

/** The modules that a module reaches by imports. */
function reached(path: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [path];
  for (let at = open.pop(); at; at = open.pop()) {
    for (const target of next.get(at) ?? []) {
      if (found.has(target)) continue;
      found.add(target);
      open.push(target);
    }
  }
  return found;
}

Deno.test("no module imports what imports it, round however many corners", () => {
  const next = Map.groupBy(IMPORTS, ({ path }) => path);
  const targets = new Map(
    [...next].map(([path, imports]) => [path, imports.map(({ specifier }) => specifier)]),
  );
  assertEquals([...targets.keys()].filter((path) => reached(path, targets).has(path)), []);
});
