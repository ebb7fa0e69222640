import { assertEquals } from "@std/assert";
import { entryPoints, type Exported, exportsOf, FOR_USERS, isExampleDue } from "./documentation.ts";
import { type Program, reaches, readProgram } from "./program.ts";
import { modules, readText, repositoryFiles } from "./source.ts";

/** How a docstring gives a shape: `[N, F]`, or in words. */
const SHAPE = /`\[|\bscalars?\b|\bshapes?\b/;

const PROGRAM = readProgram(
  (await modules("mod.ts", "lib", "datasets")).map((path) => [path, readText(path)]),
);

/** Whether a function throws, or anything that it mentions does. */
function canThrow({ path, name }: Exported, program: Program = PROGRAM): boolean {
  const declaration = program.get(path)?.declarations.get(name.split(".").at(-1)!);
  return declaration !== undefined && reaches(program, declaration, ({ throws }) => throws);
}

const names = (exported: readonly Exported[]) => exported.map(({ name }) => name);

const DOCUMENTS = (await repositoryFiles()).filter((path) => path.endsWith(".md"));

for (const [entry, path] of Object.entries(entryPoints())) {
  const exported = await exportsOf(path);

  Deno.test(`every export of "${entry}" has a docstring`, () => {
    assertEquals(names(exported.filter((each) => !each.isDocumented)), []);
  });

  if (!FOR_USERS.includes(entry)) continue;
  Deno.test(`every function, class and constant of "${entry}" has an example`, () => {
    const lacking = exported.filter((each) => isExampleDue(each) && !each.hasExample);
    assertEquals(names(lacking), []);
  });

  const functions = exported.filter(({ kind }) => kind === "function");
  Deno.test(`every function of tensors of "${entry}" says their shapes`, () => {
    assertEquals(names(functions.filter((f) => f.isOfTensors && !SHAPE.test(f.text))), []);
  });

  Deno.test(`every function of "${entry}" that can throw says when, and no other does`, () => {
    assertEquals(names(functions.filter((f) => f.hasThrows !== canThrow(f))), []);
  });
}

Deno.test("every @throws names a class, and is a sentence", async () => {
  const wrong = (await modules("lib", "datasets")).flatMap((path) =>
    [...readText(path).matchAll(/@throws .*/g)]
      .map(([line]) => `${path}: ${line}`)
      .filter((line) => !/@throws \{[\w.]+\} ([A-Z]|`Cannot )/.test(line))
  );
  assertEquals(wrong, []);
});

Deno.test("a function can throw where it or one that it names does, in any module", () => {
  const program = readProgram([
    [
      "a.ts",
      `import { check as checked } from "./mod.ts";
       export const direct = () => { throw new Error("Cannot"); };
       export function passesOn(list: number[]) { list.forEach(checked); }
       export function hides(checked: number) { return checked; }
       export function member(x: { check: number }) { return x.check; }`,
    ],
    ["mod.ts", `export * from "./b.ts";`],
    [
      "b.ts",
      `export const check = (x: number): void => { if (x < 0) throw new RangeError("no"); };`,
    ],
  ]);
  const throwing = ["direct", "passesOn", "hides", "member"].filter((name) =>
    canThrow({ path: "a.ts", name } as Exported, program)
  );
  assertEquals(throwing, ["direct", "passesOn"]);
});

Deno.test("shapes are seen in a docstring, and tensors in a type", async () => {
  assertEquals(["Rows `[E, 2]`.", "A scalar.", "Any of [1]."].map((t) => SHAPE.test(t)), [
    true,
    true,
    false,
  ]);
  const ofTensors = (await exportsOf("lib/segment/mod.ts")).find((f) => f.name === "segmentSum");
  const ofNone = (await exportsOf("datasets/mod.ts")).find((f) => f.name === "computeStats");
  assertEquals([ofTensors?.isOfTensors, ofNone?.isOfTensors], [true, false]);
});

Deno.test("documents link to and name only files that exist", async () => {
  const files = await repositoryFiles();
  const exists = (path: string) =>
    files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, "")}/`));
  const broken = DOCUMENTS.flatMap((document) => {
    const text = readText(document);
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => new URL(link!, `file:///${document}`).pathname.slice(1));
    const named = [...text.matchAll(/`((?:lib|tests|tools|datasets|examples|docs)\/[\w./-]+)`/g)]
      .map(([, path]) => path!)
      // The placeholders of CONTRIBUTING: where tests go, and what somebody adds.
      .filter((path) => !/^(lib|tests\/lib)\/a\/|\/my_/.test(path));
    return [...links, ...named].filter((path) => !exists(path)).map((path) =>
      `${document}: ${path}`
    );
  });
  assertEquals(broken, []);
});

Deno.test("documents name only tasks that exist", () => {
  const { tasks } = JSON.parse(readText("deno.json")) as { tasks: Record<string, string> };
  const unknown = DOCUMENTS.flatMap((document) =>
    [...readText(document).matchAll(/deno task ([a-z][\w:-]*)/g)]
      .filter(([, task]) => !(task! in tasks))
      .map(([, task]) => `${document}: ${task}`)
  );
  assertEquals(unknown, []);
});
