import { assertEquals, assertFalse } from "@std/assert";
import { EXCEPTIONS } from "./exceptions.ts";
import { needsOwnGradients, OWN_GRADIENTS } from "./own_gradients.ts";
import { groupByFile, readReference } from "./reference.ts";
import { judge } from "./report.ts";
import type { SpecResult } from "./run_specs.ts";

const MODE = { name: "xla", backend: "xla", hostKernels: true } as const;

Deno.test("judge() fails what did not run, and exceptions that pass", () => {
  const reference = new Map([["a › 1", true], ["a › 2", true], ["b › 3", false], ["b › 4", true]]);
  const ended = new Map<string, SpecResult>([
    ["a › 1", { spec: "a › 1", onBackend: true, status: "passed" }],
    ["a › 2", { spec: "a › 2", onBackend: true, status: "failed", messages: ["no\nway"] }],
    ["b › 4", { spec: "b › 4", onBackend: true, status: "passed" }],
  ]);
  const exceptions = [
    { mode: "xla", reason: "", specs: ["b › 4"] },
    { mode: "wasm", reason: "", specs: ["a › 2"] },
  ];
  assertEquals(judge(MODE, reference, { ended, crash: "dead", seconds: 0 }, exceptions), {
    passed: 1,
    skipped: 0,
    failures: new Map([
      ["a › 2", "no"],
      ["b › 3", "did not run"],
      ["b › 4", "passes, but is an exception: remove it there"],
    ]),
    needed: 3,
    neededPassed: 2,
  });
});

Deno.test("the reference names the specs of tfjs-core, and so do the lists beside it", async () => {
  const reference = await readReference();
  const needed = [...reference.values()].filter((needsKernel) => needsKernel).length;
  assertEquals([reference.size, needed], [3848, 2781]);
  assertEquals(groupByFile(reference.keys()).get("ops/abs_test.js")?.length, 16);
  const listed = [...OWN_GRADIENTS, ...EXCEPTIONS.flatMap(({ specs }) => specs)];
  assertEquals(listed.filter((spec) => !reference.has(spec)), []);
  assertFalse(needsOwnGradients("ops/abs_test.js › abs basic"));
});
