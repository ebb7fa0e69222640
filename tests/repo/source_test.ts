import { assertEquals } from "@std/assert";
import {
  callsOf,
  denoUses,
  functionsOf,
  importsOf,
  methodCallsOf,
  statementTypes,
} from "./source.ts";

Deno.test("importsOf() finds static and dynamic imports and re-exports, but none in comments", () => {
  const text = `
    import type { Tree } from "../tree/mod.ts";
    import "npm:x";
    export * from "./near.ts";
    export * as random from "../random/mod.ts";
    /** import { no } from "./comment.ts"; */
    export const load = () => import("../xla/install.ts");
  `;
  const path = "lib/init/init.ts";
  const kinds = { isDynamic: false, isType: false };
  assertEquals(importsOf(path, text), [
    { path, line: 2, specifier: "lib/tree/mod.ts", ...kinds, isType: true },
    { path, line: 3, specifier: "npm:x", ...kinds },
    { path, line: 4, specifier: "lib/init/near.ts", ...kinds },
    { path, line: 5, specifier: "lib/random/mod.ts", ...kinds, namespace: "random" },
    { path, line: 7, specifier: "lib/xla/install.ts", ...kinds, isDynamic: true },
  ]);
});

Deno.test("denoUses() tells what runs at import from what waits in a function", () => {
  const text = `
    const home = Deno.env;
    const known = typeof Deno;
    class A { m() { return Deno.dlopen; } }
    const f = () => { function g() { return Deno.cwd(); } return g; };
    if (Deno.args.length > 0) f();
  `;
  assertEquals(
    denoUses("a.ts", text).map(({ line, member, isAtImport }) => [line, member, isAtImport]),
    [[2, "env", true], [4, "dlopen", false], [5, "cwd", false], [6, "args", true]],
  );
});

Deno.test("callsOf() finds a global function called by itself or through globalThis", () => {
  const text = `fetch("a");\nglobalThis.fetch("b");\ncache.fetch("c");\n// fetch("d")`;
  assertEquals(callsOf("a.ts", "fetch", text).map(({ line }) => line), [1, 2]);
});

Deno.test("methodCallsOf() finds calls of a method, not of a function or in comments", () => {
  const text = `tf.engine().x();\nengine();\nconst { engine } = tf;\n// tf.engine()`;
  assertEquals(methodCallsOf("a.ts", "engine", text).map(({ line }) => line), [1]);
});

Deno.test("functionsOf() measures functions from their first line to their last", () => {
  const text = `function f() {\n  return () => {\n    return 1;\n  };\n}`;
  assertEquals(functionsOf("a.ts", text).map(({ name, lines }) => [name, lines]), [
    ["f", 5],
    ["a function", 3],
  ]);
});

Deno.test("statementTypes() names a module's top-level statements", () => {
  const text = `export * from "./a.ts";\nconst x = 1;`;
  assertEquals(statementTypes("a.ts", text), ["ExportAllDeclaration", "VariableDeclaration"]);
});
