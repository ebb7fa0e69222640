import { assertEquals } from "@std/assert";
import { entryPoints, exportsOf } from "./documentation.ts";
import { readText, repositoryFiles } from "./source.ts";

/** What users import; the others are for people who work on the engine. */
const FOR_USERS = [".", "./datasets", "./plot", "./tables"];

const DOCUMENTS = (await repositoryFiles()).filter((path) => path.endsWith(".md"));

for (const [entry, path] of Object.entries(entryPoints())) {
  const exported = await exportsOf(path);

  Deno.test(`every export of "${entry}" has a docstring`, () => {
    assertEquals(exported.filter((each) => !each.isDocumented).map(({ name }) => name), []);
  });

  if (!FOR_USERS.includes(entry)) continue;
  // Types say what they are by their fields, namespaces by their members.
  const types = ["interface", "typeAlias", "namespace"];
  Deno.test(`every function, class and constant of "${entry}" has an example`, () => {
    const lacking = exported.filter(({ kind, hasExample }) => !types.includes(kind) && !hasExample);
    assertEquals(lacking.map(({ name }) => name), []);
  });
}

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
      // The placeholder of CONTRIBUTING's rule on where tests go.
      .filter((path) => !/^(lib|tests\/lib)\/a\//.test(path));
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
