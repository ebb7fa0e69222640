/**
 * What the package exports and how it is documented, as `deno doc` sees it.
 *
 * @module
 */
import { ROOT } from "./source.ts";

/** An exported name: `jit`, or `random.key` for a member of a namespace. */
export interface Exported {
  readonly name: string;
  /** `function`, `interface`, `typeAlias`, `class`, `variable`, `namespace`, or `reference`. */
  readonly kind: string;
  readonly isDocumented: boolean;
  readonly hasExample: boolean;
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: { doc?: string; tags?: { kind: string; doc?: string }[] };
  readonly def?: { elements?: DocSymbol[] };
}

interface DocSymbol {
  readonly name: string;
  readonly declarations: Declaration[];
}

/** The package's entry points, such as `{".": "mod.ts"}`, as far as their files exist. */
export function entryPoints(): Record<string, string> {
  const { exports } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as {
    exports: Record<string, string>;
  };
  const existing = Object.entries(exports).filter(([, path]) => {
    try {
      return Deno.statSync(`${ROOT}/${path}`).isFile;
    } catch {
      return false;
    }
  });
  return Object.fromEntries(existing.map(([name, path]) => [name, path.replace("./", "")]));
}

/** The names that a module exports, those in namespaces included. */
export async function exportsOf(path: string): Promise<Exported[]> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", path],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`Cannot document ${path}: ${new TextDecoder().decode(stderr)}`);
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, { symbols: DocSymbol[] }>;
  };
  return Object.values(nodes).flatMap(({ symbols }) => symbols).flatMap((s) => describe(s, ""));
}

function describe({ name, declarations }: DocSymbol, prefix: string): Exported[] {
  const docs = declarations.map(({ jsDoc }) => jsDoc);
  const kind = declarations[0]!.kind;
  const members = declarations.flatMap(({ def }) =>
    kind === "namespace" ? def?.elements ?? [] : []
  );
  const described = {
    name: prefix + name,
    kind,
    // A namespace is a module, which has its own documentation.
    isDocumented: kind === "namespace" || docs.some((jsDoc) => jsDoc?.doc || jsDoc?.tags?.length),
    hasExample: docs.some((jsDoc) =>
      jsDoc?.tags?.some(({ kind, doc }) => kind === "example" && doc?.includes("```ts"))
    ),
  };
  return [described, ...members.flatMap((member) => describe(member, `${prefix}${name}.`))];
}
