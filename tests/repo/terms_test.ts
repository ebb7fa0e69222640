import { assertEquals } from "@std/assert";
import { formatPlaces, type Place, readText, repositoryFiles, visit } from "./source.ts";

/** Where a word counts: in comments and documents, in the code of modules, or in both. */
type Where = "prose" | "code" | "text";

/** A word that is not used, and what is said instead. */
interface Term {
  readonly wrong: RegExp;
  readonly right: string;
  readonly where: Where;
  /** The folders that it holds for; all by default. */
  readonly below?: RegExp;
}

/** The folders whose arrows are edges; what is brought from one mesh to another has targets. */
const GRAPHS =
  /^(lib\/(graph|segment|models|sharding|tables|spatial(?!\/barycentric))|tests\/lib\/graph)\//;

/** Verbs that the British write with an s here. */
const VERBS = "(normal|serial|optim|initial|final|minim|maxim|general|parametr|summar|visual|" +
  "recogn|organ|regular|vector|factor|quant|discret|real)";

// Names in code are those of the field, such as `normalizer` and `optimizer`; prose is British.
const TERMS: readonly Term[] = [
  { wrong: /\b(TODO|FIXME|XXX|HACK)\b/, right: "it done, or an issue", where: "text" },
  {
    wrong: /\b(target|destination|source|dst|src)s?\b/i,
    right: "senders, receivers",
    where: "text",
    below: GRAPHS,
  },
  { wrong: /\b(vertex|vertices|arcs?)\b/i, right: "nodes, edges", where: "text", below: GRAPHS },
  { wrong: /\b(nNodes|nEdges|nGraphs)\b/, right: "nNode, nEdge, numNodes()", where: "code" },
  { wrong: /\b(Tensorflow|tensorFlow|TFJS|Tfjs)\b/, right: "TensorFlow.js, tfjs", where: "text" },
  { wrong: /(?<![\w./-])jraph\b(?! \d)/, right: "Jraph", where: "prose" },
  { wrong: /\b(Xla|Pjrt|StableHlo)\b/, right: "XLA, PJRT, StableHLO", where: "prose" },
  { wrong: /\bdata-?sets?\b/i, right: "data set", where: "prose" },
  { wrong: /\btime-?steps?\b/i, right: "step", where: "prose" },
  { wrong: /\bhyperparameters?\b/i, right: "hyper-parameter", where: "prose" },
  {
    wrong: new RegExp(`\\b\\w*${VERBS}iz(e|ing|ation)\\w*`, "i"),
    right: "-ise, -isation",
    where: "prose",
  },
  { wrong: /\banalyz\w+/i, right: "analyse", where: "prose" },
  { wrong: /\b\w*color(?!Brewer)\w*/i, right: "colour", where: "prose" },
  { wrong: /\b(neighbor|behavior|favor)\w*/i, right: "-our", where: "prose" },
  { wrong: /\b(center|fiber|meter)(s|ed)?\b/i, right: "-re", where: "prose" },
  { wrong: /\b(label|model|travel|cancel)(ed|ing)\b/i, right: "-lled, -lling", where: "prose" },
  { wrong: /\bgray\b/i, right: "grey", where: "prose" },
];

/** Blanks what a pattern matches, so that lines keep their numbers. */
const blank = (text: string, pattern: RegExp): string =>
  text.replaceAll(pattern, (found) => found.replaceAll(/[^\n]/g, " "));

/** Code in documentation: blocks, `names`, and what is linked to. */
const CODE = [
  /```[\s\S]*?```/g,
  /`[^`]*`/g,
  /\{@\w+ [^}]*\}/g,
  /\]\([^)]*\)/g,
  /@\w+ \{[^}]*\}|@param \w+/g,
];

/** Tables in documents give names of programs. */
const ROW = /^\|.*$/gm;

const withoutCode = (text: string): string => CODE.reduce(blank, text);

/** A file's prose and its code, each with the other blanked. */
function split(path: string, text: string): Record<Where, string> {
  if (!path.endsWith(".ts")) return { text, prose: blank(withoutCode(text), ROW), code: "" };
  let code = text;
  visit(path, text, {
    Program: ({ comments }) => {
      for (const { range: [from, to] } of comments) {
        code = code.slice(0, from) + blank(code.slice(from, to), /[^\n]/g) + code.slice(to);
      }
    },
  });
  const comments = [...text].map((letter, i) => letter === code[i] ? blank(letter, /./g) : letter);
  return { text, prose: withoutCode(comments.join("")), code };
}

/** The words of a file that are said otherwise. */
function wrongTerms(path: string, text: string): (Place & { note: string })[] {
  const parts = split(path, text);
  return TERMS
    .filter(({ below }) => below?.test(path) ?? true)
    .flatMap(({ wrong, right, where }) =>
      [...parts[where].matchAll(new RegExp(wrong, wrong.flags + "g"))].map((
        { 0: word, index },
      ) => ({
        path,
        line: text.slice(0, index).split("\n").length,
        note: `${word} (say: ${right})`,
      }))
    );
}
Deno.test("things have one name each, and prose one spelling", async () => {
  const paths = (await repositoryFiles()).filter((path) =>
    /\.(ts|md)$/.test(path) && !/_generated\/|terms_test\.ts$/.test(path)
  );
  const wrong = paths.flatMap((path) => wrongTerms(path, readText(path)));
  assertEquals(formatPlaces(wrong, ({ note }) => note), []);
});

Deno.test("a wrong word is found where it counts, with its line and the right one", () => {
  const text = [
    "/** Normalizes what jraph calls `normalize`, see {@linkcode colorOf}. */",
    "export const colorOf = (nNodes: number) => nNodes; // the center",
    "// In TF" + "JS, as google/jraph and jraph 0.0.6 do.",
  ].join("\n");
  assertEquals(formatPlaces(wrongTerms("lib/nn/a.ts", text), ({ note }) => note), [
    "lib/nn/a.ts:2: nNodes (say: nNode, nEdge, numNodes())",
    "lib/nn/a.ts:2: nNodes (say: nNode, nEdge, numNodes())",
    "lib/nn/a.ts:3: TFJS (say: TensorFlow.js, tfjs)",
    "lib/nn/a.ts:1: jraph (say: Jraph)",
    "lib/nn/a.ts:1: Normalizes (say: -ise, -isation)",
    "lib/nn/a.ts:2: center (say: -re)",
  ]);
  assertEquals(wrongTerms("lib/nn/a.ts", "const target = 1;"), []);
  assertEquals(wrongTerms("lib/graph/a.ts", "const target = 1;").length, 1);
  const markdown = "| jraph | color |\n\n`color` [a](docs/color.md)\n```ts\ncolor\n```\ncolor";
  assertEquals(wrongTerms("docs/a.md", markdown).map(({ line }) => line), [7]);
});
