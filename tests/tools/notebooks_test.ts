import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pythonEnv, PythonError } from "../../tools/notebooks/python_env.ts";
import { skipUnless } from "../support/skip.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const RUNNER = `${ROOT}tools/notebooks/run.ts`;

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: string | readonly string[];
  readonly outputs?: readonly Record<string, unknown>[];
  readonly execution_count?: number | null;
}

interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** A notebook of code cells; those that end in `// !` must have an output. */
function notebook(...sources: string[]): Notebook {
  return {
    cells: sources.map((source, n): Cell => ({
      cell_type: "code",
      id: `cell-${n}`,
      metadata: source.endsWith("// !") ? { tags: ["expects-output"] } : {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: { kernelspec: { name: "deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runner(args: string[], env: Record<string, string> = {}): Promise<Result> {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", RUNNER, ...args], env });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Why notebooks cannot be run on this machine, or null. */
const obstacle = await pythonEnv("run").then(() => null, (error) => {
  if (error instanceof PythonError) return error.message;
  throw error;
});

Deno.test({
  name: "the notebook runner reports each way in which a notebook fails, and stores nothing",
  ...skipUnless(obstacle === null, obstacle ?? ""),
  async fn() {
    const folder = await Deno.makeTempDir();
    const notebooks: Record<string, Notebook> = {
      // The last lines of so many come after the kernel has said that it is idle.
      good: notebook("const x: number = 41;", "for (let n = 0; n < 300; n++) console.log(n); // !"),
      raises: notebook("const x = 1;", 'throw new Error("on purpose");', "x"),
      syntax: notebook("const = 1;"),
      empty: notebook("const y = 1; // !"),
    };
    try {
      const paths = await Promise.all(
        Object.entries(notebooks).map(async ([name, content]) => {
          await Deno.writeTextFile(`${folder}/${name}.ipynb`, JSON.stringify(content));
          return `${folder}/${name}.ipynb`;
        }),
      );
      const { code, stdout, stderr } = await runner([...paths, "--output", `${folder}/out`]);
      assertEquals(code, 1, stdout + stderr);
      assertMatch(stdout, /^ok {6}good\.ipynb {2}2 cells/m);
      assertMatch(stdout, /^FAILED {2}raises\.ipynb .*\n +cell 2: Error: on purpose/m);
      assertMatch(stdout, /^FAILED {2}syntax\.ipynb .*\n +cell 1: it failed and printed nothing/m);
      assertMatch(stdout, /^FAILED {2}empty\.ipynb .*\n +cell 1: it has the tag "expects-output"/m);
      assertStringIncludes(stdout, "1 notebooks passed, 3 failed");
      assertEquals(JSON.parse(await Deno.readTextFile(paths[0]!)), notebooks.good);
      const copy: Notebook = JSON.parse(await Deno.readTextFile(`${folder}/out/good.ipynb`));
      const printed = copy.cells[1]!.outputs!.map((output) => output.text).join("");
      assertEquals(printed, Array.from({ length: 300 }, (_, n) => `${n}\n`).join(""));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("the notebook runner says in one line that Python is missing", async () => {
  const { code, stderr } = await runner([], { PATH: "/nowhere" });
  assertEquals(code, 1);
  assertEquals(
    stderr,
    "Cannot run notebooks as python3 is missing (install Python 3 with pip 22.3 or later)\n",
  );
});

const stored = Array.from(Deno.readDirSync(`${ROOT}notebooks`), ({ name }) => name)
  .filter((name) => name.endsWith(".ipynb")).sort();

function read(name: string): Notebook {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}notebooks/${name}`));
}

function text(cell: Cell): string {
  return [cell.source].flat().join("");
}

function codeOf({ cells }: Notebook): Cell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

for (const name of stored) {
  const notebook = read(name);

  Deno.test(`${name} is stored without outputs, for Deno's kernel`, () => {
    assertEquals([notebook.nbformat, notebook.nbformat_minor], [4, 5]);
    assertEquals(notebook.metadata.kernelspec.name, "deno");
    for (const cell of codeOf(notebook)) {
      assertEquals([cell.outputs, cell.execution_count], [[], null]);
    }
    assertEquals(new Set(notebook.cells.map((cell) => cell.id)).size, notebook.cells.length);
  });

  Deno.test(`${name} is formatted`, async () => {
    // `deno fmt --check` of Deno 2.9 calls every notebook unformatted that is not in its cache.
    const source = await Deno.readFile(`${ROOT}notebooks/${name}`);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["fmt", "--ext", "ipynb", "-"],
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(source);
    await writer.close();
    const { stdout } = await child.output();
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    assertEquals(
      text(stdout),
      text(source),
      `run: deno fmt --ext ipynb - < notebooks/${name}, and keep what it prints`,
    );
  });

  Deno.test(`${name} alternates prose and cells of at most 25 lines`, () => {
    notebook.cells.forEach((cell, n) => {
      assertEquals(cell.cell_type, n % 2 === 0 ? "markdown" : "code", `cell ${n}: ${text(cell)}`);
      if (cell.cell_type === "code") assert(text(cell).split("\n").length <= 25, text(cell));
    });
  });
}

Deno.test("each notebook type-checks as one program, so no name is declared twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const programs = await Promise.all(stored.map(async (name) => {
      const program = `${folder}/${name.replace(".ipynb", ".ts")}`;
      await Deno.writeTextFile(program, codeOf(read(name)).map(text).join("\n"));
      return program;
    }));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", `${ROOT}deno.json`, ...programs],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
