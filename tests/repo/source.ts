/**
 * The project's own files, as data for tests about the project itself.
 *
 * @module
 */

/** What the syntax tree calls functions. */
export const FUNCTION_TYPES: readonly string[] = [
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
];

/** The checkout's folder. */
export const ROOT: string = `${import.meta.dirname}/../..`;

/** A place in a file, as errors print it. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** An import, static or dynamic, or a re-export. */
export interface Import extends Place {
  readonly specifier: string;
  readonly isDynamic: boolean;
  /** Whether it is gone when types are: `import type`. */
  readonly isType: boolean;
  /** The name of `export * as name`. */
  readonly namespace?: string;
}

/** A use of `Deno.member`. */
export interface DenoUse extends Place {
  readonly member: string;
  readonly isAtImport: boolean;
}

/** A function with a body: where it starts, and how many lines it has. */
export interface FunctionSpan extends Place {
  readonly name: string;
  readonly lines: number;
}

/** The files of the repository, committed or about to be, by path from the root, sorted. */
export async function repositoryFiles(): Promise<string[]> {
  const { stdout, success } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error("Cannot list the repository's files as git failed in its folder");
  const paths = new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
  return [...new Set(paths)].filter(isFile).sort();
}

/** TypeScript modules below the given folders (or the given files), generated ones left out. */
export async function modules(...below: string[]): Promise<string[]> {
  return (await repositoryFiles()).filter((path) =>
    path.endsWith(".ts") && !path.includes("_generated/") &&
    below.some((folder) => path === folder || path.startsWith(`${folder}/`))
  );
}

/** Reads a file of the repository as text. */
export function readText(path: string): string {
  return Deno.readTextFileSync(`${ROOT}/${path}`);
}

/** Walks the syntax tree of a module; the visitor's keys are node types or selectors. */
export function visit(path: string, text: string, visitor: Deno.lint.LintVisitor): void {
  const rules = { visit: { create: () => visitor } };
  Deno.lint.runPlugin({ name: "repo", rules }, path, text);
}

/** The imports of a module, with relative specifiers resolved to paths from the root. */
export function importsOf(path: string, text = readText(path)): Import[] {
  const found: Import[] = [];
  const lineOf = lineCounter(text);
  const add = (
    node: Deno.lint.Node & { importKind?: string; exportKind?: string },
    source: { value?: unknown } | null,
    isDynamic: boolean,
  ) => {
    if (typeof source?.value !== "string") return;
    const specifier = resolve(path, source.value);
    const isType = [node.importKind, node.exportKind].includes("type");
    found.push({ path, line: lineOf(node), specifier, isDynamic, isType });
  };
  visit(path, text, {
    ImportDeclaration: (node) => add(node, node.source, false),
    ExportAllDeclaration: (node) => {
      add(node, node.source, false);
      const { exported } = node;
      if (exported?.type !== "Identifier") return;
      found.push({ ...found.pop()!, namespace: exported.name });
    },
    ExportNamedDeclaration: (node) => add(node, node.source, false),
    ImportExpression: (node) => add(node, node.source as { value?: unknown }, true),
  });
  return found;
}

/** Where a module names a member of `Deno`; `isAtImport` tells what lies outside all functions. */
export function denoUses(path: string, text = readText(path)): DenoUse[] {
  const found: DenoUse[] = [];
  const lineOf = lineCounter(text);
  let depth = 0;
  const visitor: Deno.lint.LintVisitor = {
    MemberExpression: ({ object, property, range }) => {
      if (object.type !== "Identifier" || object.name !== "Deno") return;
      const member = property.type === "Identifier" ? property.name : "[computed]";
      found.push({ path, line: lineOf({ range }), member, isAtImport: depth === 0 });
    },
  };
  for (const type of FUNCTION_TYPES) {
    visitor[type] = () => void depth++;
    visitor[`${type}:exit`] = () => void depth--;
  }
  visit(path, text, visitor);
  return found;
}

/** Where a module calls something whose callee has a name by some reading of it. */
function callsBy(
  path: string,
  text: string,
  name: string,
  nameOf: (callee: Deno.lint.CallExpression["callee"]) => string | null,
): Place[] {
  const found: Place[] = [];
  const lineOf = lineCounter(text);
  visit(path, text, {
    CallExpression: (node) => {
      if (nameOf(node.callee) === name) found.push({ path, line: lineOf(node) });
    },
  });
  return found;
}

/** Where a module calls a global function, such as `fetch`. */
export function callsOf(path: string, name: string, text = readText(path)): Place[] {
  return callsBy(path, text, name, (callee) => {
    if (callee.type === "Identifier") return callee.name;
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return null;
    const { object } = callee;
    const isGlobal = object.type === "Identifier" && object.name === "globalThis";
    return isGlobal ? callee.property.name : null;
  });
}

/** Where a module calls a method of a name, of whatever object. */
export function methodCallsOf(path: string, name: string, text = readText(path)): Place[] {
  return callsBy(
    path,
    text,
    name,
    (callee) =>
      callee.type === "MemberExpression" && callee.property.type === "Identifier"
        ? callee.property.name
        : null,
  );
}

/** Every function of a module that has a body. */
export function functionsOf(path: string, text = readText(path)): FunctionSpan[] {
  const found: FunctionSpan[] = [];
  const lineOf = lineCounter(text);
  const add = (node: Deno.lint.Node) => {
    const [start, end] = node.range;
    const id = "id" in node ? node.id as { name?: string } | null : null;
    const lines = text.slice(start, end).split("\n").length;
    found.push({ path, line: lineOf(node), name: id?.name ?? "a function", lines });
  };
  visit(
    path,
    text,
    FUNCTION_TYPES.reduce<Deno.lint.LintVisitor>((all, type) => ({ ...all, [type]: add }), {}),
  );
  return found;
}

/** The types of a module's top-level statements, such as `ExportAllDeclaration`. */
export function statementTypes(path: string, text = readText(path)): string[] {
  const types: string[] = [];
  visit(path, text, {
    Program: (node) => void types.push(...node.body.map((child) => child.type)),
  });
  return types;
}

/** Prints places, one a line, for a failing test. */
export function formatPlaces<P extends Place>(places: P[], note: (place: P) => string): string[] {
  return places.map((place) => `${place.path}:${place.line}: ${note(place)}`);
}

function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(`${ROOT}/${path}`).isFile;
  } catch {
    return false;
  }
}

function lineCounter(text: string): (node: { range: Deno.lint.Range }) => number {
  return (node) => text.slice(0, node.range[0]).split("\n").length;
}

/** `../tree/mod.ts` in `lib/engine/x.ts` is `lib/tree/mod.ts`; what is not relative stays. */
export function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
