import { assert, assertEquals } from "@std/assert";
import { type Declaration, type Program, reaches, readProgram } from "./program.ts";
import { formatPlaces, modules, type Place, readText } from "./source.ts";

/** The names of assertions: those of `@std/assert`, fast-check's, and the error of a failed one. */
const ASSERTION = /^(assert([A-Z]\w*)?|fc\.assert|AssertionError)$/;

const asserts = ({ mentions }: Declaration) => [...mentions].some((name) => ASSERTION.test(name));

/** Calls that register a test: of `Deno.test`, or of a function that calls it. */
function testsOf(program: Program): Declaration[] {
  const registers = ({ mentions }: Declaration) => mentions.has("Deno.test");
  return [...program.values()].flatMap(({ calls, imports, declarations }) =>
    calls.filter((call) =>
      call.name === "Deno.test" ||
      (declarations.has(call.name) || imports.has(call.name)) && reaches(program, call, registers)
    )
  );
}

/** Tests that reach no assertion: they fail only if what they call throws. */
function idleTests(program: Program): Place[] {
  return testsOf(program).filter((test) => !reaches(program, test, asserts));
}

Deno.test("every test asserts something", async () => {
  const paths = await modules("tests");
  const program = readProgram(paths.map((path) => [path, readText(path)]));
  assert(testsOf(program).length > 900, "it does not see the tests any more");
  assertEquals(formatPlaces(idleTests(program), () => "asserts nothing"), []);
});

Deno.test("a test is idle where neither it nor what it calls asserts", () => {
  const program = readProgram([
    [
      "a_test.ts",
      `import { engineTest, check, look } from "./support.ts";
       Deno.test("own", () => assertEquals(1, 1));
       Deno.test("none", () => void look());
       Deno.test("of a helper", check);
       for (const x of [1, 2]) engineTest(String(x), () => { look(x); });
       engineTest("asserts", () => check());
       const fails = look();`,
    ],
    [
      "support.ts",
      `export function engineTest(name, fn) { Deno.test(name, fn); }
       export const check = () => fc.assert(look());
       export function look() { return 1; }`,
    ],
  ]);
  assertEquals(testsOf(program).length, 5);
  assertEquals(idleTests(program).map(({ line }) => line), [3, 5]);
});
