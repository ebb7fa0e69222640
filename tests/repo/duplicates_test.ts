import { assertEquals } from "@std/assert";
import { FUNCTION_TYPES, modules, readText, visit } from "./source.ts";

/** A line of code, without indentation and comments. */
interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

type Span = Pick<Deno.lint.Node, "range">;

/** As many lines in a row that say the same belong in one place. */
const MOST = 4;

/** The lines of a module that do something: no comments, imports, parameters or lone brackets. */
function codeLines(path: string, text: string): Line[] {
  let code = text;
  const blank = ({ range: [from, to] }: Span) => {
    code = code.slice(0, from) + code.slice(from, to).replace(/[^\n]/g, " ") + code.slice(to);
  };
  // The range of a parameter ends before its type.
  const blankParams = ({ params: [first], body }: { params: Span[]; body: Span | null }) => {
    if (first && body) blank({ range: [first.range[0], body.range[0]] });
  };
  visit(path, text, {
    Program: ({ comments, body }) => {
      comments.forEach(blank);
      body.filter((node) => "source" in node && node.source).forEach(blank);
    },
    ...Object.fromEntries(FUNCTION_TYPES.map((type) => [type, blankParams])),
    TSTypeParameterDeclaration: blank,
  });
  return code.split("\n")
    .map((each, i) => ({ path, line: i + 1, text: each.trim() }))
    .filter(({ text }) => /\w/.test(text));
}

/** Places where more than `most` lines in a row are those of an earlier place. */
function duplicates(sources: Iterable<readonly [string, string]>, most: number): string[] {
  const places = new Map<string, Line>();
  const found: string[] = [];
  for (const [path, text] of sources) {
    const lines = codeLines(path, text);
    let end = 0;
    for (let i = 0; i + most < lines.length; i++) {
      const key = lines.slice(i, i + most + 1).map(({ text }) => text).join("\n");
      const first = places.get(key);
      if (!first) places.set(key, lines[i]!);
      else {
        if (i > end) found.push(`${path}:${lines[i]!.line} repeats ${first.path}:${first.line}`);
        end = i + most;
      }
    }
  }
  return found;
}

// Examples are left out: each is to be copied and changed by itself.
Deno.test(`no two places share more than ${MOST} lines`, async () => {
  const paths = await modules("mod.ts", "lib", "datasets", "tools", "benchmarks", "tests");
  assertEquals(duplicates(paths.map((path) => [path, readText(path)] as const), MOST), []);
});

Deno.test("the same lines are found at any depth, once, and not in comments or parameters", () => {
  const body = "const a = 1;\n  const b = f(a);\n\n  // Why.\n  return [a, b];";
  const sources = [
    [
      "a.ts",
      `import {\n  f,\n  g,\n} from "./f.ts";\nfunction x(\n  p: P,\n  q: Q,\n  r: R,\n) {\n${body}\n}`,
    ],
    [
      "b.ts",
      `import {\n  f,\n  g,\n} from "./f.ts";\nfunction y(\n  p: P,\n  q: Q,\n  r: R,\n) {\n}`,
    ],
    ["c.ts", `if (true) {\n  while (true) {\n    ${body}\n  }\n}`],
  ] as const;
  assertEquals(duplicates(sources, 2), ["c.ts:3 repeats a.ts:10"]);
  assertEquals(duplicates(sources, 3), []);
});
