/**
 * Prints a graph as StableHLO text: what the compiler reads and `jit(f).lower(...).text()` shows.
 *
 * Values are numbered in the order they are printed, so equal graphs give equal text, which makes
 * the text a key for compiled programs.
 *
 * @module
 */
import { typeOf } from "./format_type.ts";
import { type HloNode, isOp, type Region } from "./node.ts";
import { topologicalOrder } from "./order.ts";
import { printOp } from "./print_op.ts";
import { resultsOf } from "./region.ts";

/** An argument of a program: a node whose value comes from outside. */
export interface Argument {
  readonly node: HloNode;
  /** The output whose buffer may take this argument's place, if it is donated. */
  readonly aliases?: number;
}

/** The values that are in sight while a program is printed, and what they are called. */
class Names {
  readonly #names: Map<HloNode, string>;
  #next = 0;

  constructor(args: readonly [HloNode, string][]) {
    this.#names = new Map(args);
  }

  of(node: HloNode): string {
    return this.#names.get(node)!;
  }

  set(node: HloNode, name: string): void {
    this.#names.set(node, name);
  }

  /** A name that no other value of the program has, regions included. */
  make(): string {
    return `%v${this.#next++}`;
  }
}

function printBlock(order: readonly HloNode[], names: Names): string[] {
  const lines: string[] = [];
  for (const node of order) {
    if (isOp(node, "element")) {
      const [source] = node.inputs as [HloNode];
      const only = resultsOf(source).length === 1;
      names.set(node, only ? names.of(source) : `${names.of(source)}#${node.attrs.index}`);
      continue;
    }
    const value = names.make();
    const operands = node.inputs.map((input) => names.of(input));
    if (isOp(node, "while")) lines.push(...printWhile(node, operands, value, names));
    else if (isOp(node, "case")) lines.push(...printCase(node, operands, value, names));
    else lines.push(...printOp(node, operands, value));
    // Of operations with several results one is the node's.
    const own = isOp(node, "argsort") ? "#1" : isOp(node, "after") ? "#0" : "";
    names.set(node, value + own);
  }
  return lines;
}

/** A region's lines, its parameters called `args`. */
function printRegion({ parameters, outputs }: Region, args: string[], names: Names): string[] {
  parameters.forEach((parameter, i) => names.set(parameter, args[i]!));
  const lines = printBlock(topologicalOrder(outputs, (node) => node.op === "parameter"), names);
  const values = outputs.map((output) => names.of(output)).join(", ");
  return [...lines, `stablehlo.return ${values} : ${outputs.map(typeOf).join(", ")}`]
    .map((line) => `  ${line}`);
}

/** The state of a loop has names of its own; its regions see the rest by the names around them. */
function printWhile(
  node: HloNode<"while">,
  operands: string[],
  name: string,
  names: Names,
): string[] {
  const { condition, body } = node.attrs;
  const state = body.outputs.map((_, i) => `${name}s${i}`);
  const args = [...state, ...operands.slice(state.length)];
  const init = state.map((arg, i) => `${arg} = ${operands[i]}`).join(", ");
  const results = state.length === 1 ? name : `${name}:${state.length}`;
  return [
    `${results} = stablehlo.while(${init}) : ${body.outputs.map(typeOf).join(", ")}`,
    "cond {",
    ...printRegion(condition, args, names),
    "} do {",
    ...printRegion(body, args, names),
    "}",
  ];
}

function printCase(
  node: HloNode<"case">,
  [index, ...args]: string[],
  name: string,
  names: Names,
): string[] {
  const types = resultsOf(node).map(typeOf);
  const results = types.length === 1 ? name : `${name}:${types.length}`;
  const branches = node.attrs.branches.map((branch) => printRegion(branch, args, names));
  return [
    `${results} = "stablehlo.case"(${index}) ({`,
    ...branches.flatMap((lines, i) => i === 0 ? lines : ["}, {", ...lines]),
    `}) : (${typeOf(node.inputs[0]!)}) -> (${types.join(", ")})`,
  ];
}

/**
 * Prints a program.
 *
 * @param name The module's name.
 * @param args Its arguments, in order.
 * @param outputs Its results, in order; an argument may be a result.
 * @param order The nodes to print, from {@linkcode topologicalOrder}.
 * @param replicas How many devices run it at once, where it is not one device alone.
 */
export function printModule(
  name: string,
  args: readonly Argument[],
  outputs: readonly HloNode[],
  order: readonly HloNode[],
  replicas?: number,
): string {
  const names = new Names(args.map(({ node }, i) => [node, `%arg${i}`]));
  const lines = printBlock(order, names).map((line) => `    ${line}`);
  const parameters = args.map(({ node, aliases }, i) =>
    `%arg${i}: ${typeOf(node)}` +
    (aliases === undefined ? "" : ` {tf.aliasing_output = ${aliases} : i32}`)
  );
  const types = outputs.map(typeOf).join(", ");
  const results = outputs.map((o) => names.of(o)).join(", ");
  const attributes = replicas ? ` attributes {mhlo.num_replicas = ${replicas} : i32}` : "";
  return `module @${name}${attributes} {\n  func.func public @main(${
    parameters.join(", ")
  }) -> (${types}) {\n` +
    `${lines.join("\n")}\n    return${results && ` ${results} : ${types}`}\n  }\n}\n`;
}
