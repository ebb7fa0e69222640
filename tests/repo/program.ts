/**
 * The modules of the project as one program: what each declares, exports and refers to.
 *
 * It is read from syntax alone: a name that a function mentions counts as used, and what a value of
 * some type does when its methods are called is not followed.
 *
 * @module
 */
import { FUNCTION_TYPES, resolve, visit } from "./source.ts";

/** A function, class or constant at the top of a module, with all that is inside it. */
export interface Declaration {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  /** Whether it declares an interface or a type alias. */
  readonly isType: boolean;
  /** Whether a `throw` stands anywhere inside. */
  throws: boolean;
  /** The names from outside that are mentioned: `f`, and `namespace.f` too for members. */
  readonly mentions: Set<string>;
}

/** A name of a module; `*` stands for all of its names. */
export interface Name {
  readonly path: string;
  readonly name: string;
}

/** What one module says. */
export interface Module {
  readonly path: string;
  readonly declarations: Map<string, Declaration>;
  /** What imported names stand for, by the name they have here. */
  readonly imports: Map<string, Name>;
  /** What exported names stand for: names of this module, or of those that it re-exports. */
  readonly exports: Map<string, Name>;
  /** Modules of which everything is re-exported, and those that are imported while it runs. */
  readonly stars: string[];
  readonly dynamic: string[];
  /** Calls that are made while the module loads, named by what is called: `Deno.test`. */
  readonly calls: Declaration[];
}

/** Reads modules, given by path and text. */
export function readProgram(sources: Iterable<readonly [path: string, text: string]>): Program {
  return new Map([...sources].map(([path, text]) => [path, readModule(path, text)]));
}

/** Modules by path. */
export type Program = ReadonlyMap<string, Module>;

/**
 * Where a name of a module is declared, however often it is re-exported; null outside the program.
 */
function origin(program: Program, { path, name }: Name): Name | null {
  const module = program.get(path);
  if (!module) return null;
  const exported = module.exports.get(name);
  if (exported) return exported.path === path ? exported : origin(program, exported);
  for (const star of module.stars) {
    const found = origin(program, { path: star, name });
    if (found) return found;
  }
  return null;
}

/** The declarations that a declaration mentions, of its own module and of those it imports. */
function mentioned(program: Program, { path, mentions }: Declaration): Declaration[] {
  const module = program.get(path)!;
  return [...mentions].flatMap((mention) => {
    const own = module.declarations.get(mention);
    if (own) return [own];
    const [first, member] = mention.split(".") as [string, string?];
    const imported = module.imports.get(first);
    if (!imported) return [];
    const name = imported.name === "*" ? member ?? "*" : imported.name;
    const at = origin(program, { path: imported.path, name });
    return at ? [program.get(at.path)?.declarations.get(at.name) ?? []].flat() : [];
  });
}

/** Whether a declaration, or any that it mentions within the program, is one of a kind. */
export function reaches(
  program: Program,
  start: Declaration,
  isOne: (declaration: Declaration) => boolean,
): boolean {
  const seen = new Set<Declaration>();
  const waiting = [start];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isOne(next)) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...mentioned(program, next));
  }
  return false;
}

function readModule(path: string, text: string): Module {
  const module: Module = {
    path,
    declarations: new Map(),
    imports: new Map(),
    exports: new Map(),
    stars: [],
    dynamic: [],
    calls: [],
  };
  visit(path, text, { ...linkVisitor(module), ...mentionVisitor(module, text) });
  return module;
}

/** `x` or `"x"`. */
function nameOf(node: Deno.lint.Identifier | Deno.lint.StringLiteral): string {
  return node.type === "Identifier" ? node.name : node.value;
}

/** Collects imports and exports. */
function linkVisitor({ path, imports, exports, stars, dynamic }: Module): Deno.lint.LintVisitor {
  return {
    ImportDeclaration: ({ source, specifiers }) => {
      const from = resolve(path, source.value);
      for (const each of specifiers) {
        const name = each.type === "ImportSpecifier"
          ? nameOf(each.imported)
          : each.type === "ImportDefaultSpecifier"
          ? "default"
          : "*";
        imports.set(each.local.name, { path: from, name });
      }
    },
    ImportExpression: ({ source }) => {
      if (source.type === "Literal") dynamic.push(resolve(path, String(source.value)));
    },
    ExportAllDeclaration: ({ source, exported }) => {
      const from = resolve(path, source.value);
      if (exported) {
        exports.set(nameOf(exported as Deno.lint.Identifier), { path: from, name: "*" });
      } else stars.push(from);
    },
    ExportNamedDeclaration: ({ source, specifiers, declaration }) => {
      const from = source ? resolve(path, source.value) : path;
      for (const { local, exported } of specifiers) {
        exports.set(nameOf(exported), { path: from, name: nameOf(local) });
      }
      for (const name of declaredNames(declaration)) exports.set(name, { path, name });
    },
  };
}

/** The names that a statement declares. */
function declaredNames(node: Deno.lint.Node | null | undefined): string[] {
  if (!node) return [];
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => id.type === "Identifier" ? [id.name] : []);
  }
  const id = "id" in node ? node.id as { name?: string } | null : null;
  return id?.name === undefined ? [] : [id.name];
}

/** The names that a parameter or a variable's pattern binds. */
function boundNames(node: Deno.lint.Node, text: string): readonly string[] {
  const pattern = node.type === "AssignmentPattern" ? node.left : node;
  const { typeAnnotation: type } = pattern as { typeAnnotation?: Deno.lint.Node };
  const untyped = text.slice(pattern.range[0], type?.range[0] ?? pattern.range[1]);
  const withoutDefaults = untyped.replaceAll(/=[^,\]}]*/g, "");
  return withoutDefaults.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Collects declarations and calls, and what is mentioned and thrown inside them. */
function mentionVisitor({ path, declarations, calls }: Module, text: string) {
  // What the walk is inside of, a declaration or a call that no other contains, and where it ends.
  let open: Declaration | null = null;
  let end = 0;
  // Names that are bound inside hide those from outside.
  let bound = new Set<string>();
  const start = (node: Deno.lint.Node, name: string): Declaration => {
    const line = text.slice(0, node.range[0]).split("\n").length;
    const isType = /^TS(Interface|TypeAlias)/.test(node.type);
    [end, bound] = [node.range[1], new Set()];
    return open = { path, name, line, isType, throws: false, mentions: new Set() };
  };
  const inside = (node: Deno.lint.Node): Declaration | null => node.range[1] <= end ? open : null;
  const mention = (node: Deno.lint.Node, first: string, rest = ""): void => {
    if (!bound.has(first)) inside(node)?.mentions.add(first + rest);
  };
  const bind = (node: Deno.lint.Node): void => {
    for (const name of boundNames(node, text)) {
      bound.add(name);
      inside(node)?.mentions.delete(name);
    }
  };
  const visitor: Deno.lint.LintVisitor = {
    Identifier: (node) => {
      const parent = node.parent as Deno.lint.Node;
      const isMember = parent.type === "MemberExpression" && !parent.computed &&
        parent.object.range[0] !== node.range[0];
      if (!isMember) mention(node, node.name);
    },
    MemberExpression: (node) => {
      const { object, property } = node;
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      mention(node, object.name, `.${property.name}`);
    },
    ThrowStatement: (node) => void Object.assign(inside(node) ?? {}, { throws: true }),
    CallExpression: (node) => {
      if (!inside(node)) calls.push(start(node, text.slice(...node.callee.range)));
    },
    VariableDeclarator: ({ id }) => bind(id),
  };
  for (const type of DECLARATIONS) {
    visitor[type] = (node: Deno.lint.Node) => {
      const { parent } = node as { parent?: Deno.lint.Node };
      if (parent?.type !== "Program" && parent?.type !== "ExportNamedDeclaration") return;
      const names = declaredNames(node);
      const declaration = start(node, names[0] ?? "a pattern");
      names.forEach((name) => declarations.set(name, declaration));
    };
  }
  for (const type of FUNCTION_TYPES) {
    const declare = visitor[type];
    visitor[type] = (node: Deno.lint.Node & { readonly params: Deno.lint.Node[] }) => {
      declare?.(node);
      node.params.forEach(bind);
    };
  }
  return visitor;
}

const DECLARATIONS = [
  ...["FunctionDeclaration", "VariableDeclaration", "ClassDeclaration"],
  ...["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "TSEnumDeclaration"],
];
