import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const RUNNER = `${import.meta.dirname}/../../tools/test.ts`;

/**
 * Runs the test runner on one file with the given text; gives its last line, its output and its
 * code.
 */
async function runOn(source: string): Promise<{ last: string; output: string; code: number }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/some_test.ts`, source);
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", RUNNER, folder],
      cwd: folder,
      stderr: "null",
    }).output();
    const output = new TextDecoder().decode(stdout);
    return { last: output.trimEnd().split("\n").at(-1)!, output, code };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the test runner counts passed, failed and skipped tests and says why tests are skipped", async () => {
  const { last, output, code } = await runOn(`
    console.log("[skipped] no browser");
    Deno.test("a", () => {});
    Deno.test("b", async (t) => { await t.step("b1", () => {}); });
    Deno.test("c", () => { throw new Error("wrong"); });
    Deno.test({ name: "d", ignore: true, fn() {} });
  `);
  assertEquals(last, "2 passed, 1 failed, 1 skipped");
  assertStringIncludes(output, "1 skipped: no browser");
  assertEquals(code, 1);
});

Deno.test("the test runner repeats the errors before its last line", async () => {
  const { output } = await runOn(`Deno.test("c", () => { throw new Error("wrong"); });`);
  const end = output.split(" FAILURES ").at(-1)!;
  assertMatch(end, /^c => .*some_test.ts:1:\d+\nerror: Error: wrong\n[^]*1 failed, 0 skipped\n$/m);
});

Deno.test("the test runner succeeds where all tests pass", async () => {
  const { last, code } = await runOn(`Deno.test("a", () => {});`);
  assertEquals([last, code], ["1 passed, 0 failed, 0 skipped", 0]);
});

Deno.test("the test runner counts a dead process, a type error and a missing test as failures", async () => {
  const broken = {
    "signal SIGKILL": `Deno.test("a", () => Deno.kill(Deno.pid, "SIGKILL"));`,
    "exit code 1": `const x: number = "text"; Deno.test("a", () => { x; });`,
    "exit code 0": `export {};`,
  };
  for (const [end, source] of Object.entries(broken)) {
    const { last, output, code } = await runOn(source);
    assertEquals([last, code], ["0 passed, 1 failed, 0 skipped", 1], end);
    assertMatch(output, new RegExp(`ended with ${end}.*counts as one failure`));
  }
});

Deno.test("the test runner counts an error outside of any test as a failure", async () => {
  const { last, code } = await runOn(`Deno.test("a", () => {}); throw new Error("top level");`);
  assertEquals([last, code], ["0 passed, 1 failed, 0 skipped", 1]);
});
