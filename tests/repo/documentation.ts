/**
 * What the package exports and how it is documented, as `deno doc` sees it.
 *
 * @module
 */
import { importsOf, modules, ROOT } from "./source.ts";

/** An exported name: `jit`, or `random.key` for a member of a namespace. */
export interface Exported {
  readonly name: string;
  /** `function`, `interface`, `typeAlias`, `class`, `variable`, `namespace`, or `reference`. */
  readonly kind: string;
  /** The module that declares it. */
  readonly path: string;
  readonly isDocumented: boolean;
  readonly hasExample: boolean;
  readonly hasThrows: boolean;
  /** All that its docstring says, examples left out. */
  readonly text: string;
  /** Whether it is a function of tensors, or one that gives some. */
  readonly isOfTensors: boolean;
}

interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly jsDoc?: { doc?: string; tags?: { kind: string; doc?: string }[] };
  readonly def?: { readonly params?: unknown; readonly returnType?: unknown };
}

/** A type as `deno doc` writes it, in which tensors come. */
const TENSOR = /"typeName":"(tf\.)?Tensor(Like)?"/;

interface DocSymbol {
  readonly name: string;
  readonly declarations: Declaration[];
}

/** The entry points that users import; the others are for people who work on the engine. */
export const FOR_USERS: readonly string[] = [".", "./datasets", "./plot", "./tables"];

const ROOT_URL = new URL(`file://${Deno.realPathSync(ROOT)}/`).href;

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

/** The modules that are exported as namespaces, by name: `deno doc` does not look into them. */
const NAMESPACES = new Map(
  (await modules("mod.ts", "lib", "datasets"))
    .flatMap((path) => importsOf(path))
    .flatMap(({ namespace, specifier }) => namespace ? [[namespace, specifier]] : []),
);

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
  const described = Object.values(nodes).flatMap(({ symbols }) => symbols).map(describe);
  const members = described
    .filter(({ kind, name }) => kind === "namespace" && NAMESPACES.has(name))
    .map(async ({ name }) =>
      (await exportsOf(NAMESPACES.get(name)!))
        .map((member) => ({ ...member, name: `${name}.${member.name}` }))
    );
  return [...described, ...(await Promise.all(members)).flat()];
}

/** Types say what they are by their fields, namespaces by their members. */
export function isExampleDue({ kind }: Exported): boolean {
  return !["interface", "typeAlias", "namespace"].includes(kind);
}

function describe({ name, declarations }: DocSymbol): Exported {
  const docs = declarations.map(({ jsDoc }) => jsDoc);
  const tags = docs.flatMap((jsDoc) => jsDoc?.tags ?? []);
  const { kind, location } = declarations[0]!;
  const told = tags.filter((tag) => tag.kind !== "example").map(({ doc }) => doc);
  return {
    name,
    kind,
    path: location.filename.slice(location.filename.indexOf(ROOT_URL) + ROOT_URL.length),
    // A namespace is a module, which has its own documentation.
    isDocumented: kind === "namespace" || docs.some((jsDoc) => jsDoc?.doc || jsDoc?.tags?.length),
    hasExample: tags.some((tag) => tag.kind === "example" && tag.doc?.includes("```ts")),
    hasThrows: tags.some((tag) => tag.kind === "throws"),
    text: [...docs.map((jsDoc) => jsDoc?.doc), ...told].join("\n"),
    isOfTensors: declarations.some(({ def }) =>
      TENSOR.test(JSON.stringify([def?.params, def?.returnType]))
    ),
  };
}
