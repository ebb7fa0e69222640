/** How a graph shows itself in a notebook and on the console. @module */
import { displayHooks, escapeHtml } from "../base/mod.ts";
import { drawing } from "./drawing.ts";
import { describe, isTensor, treeLeaves, type TreeOf, treePaths } from "../tree/mod.ts";

/**
 * Everything that is no nest is a leaf here, so that whatever a graph was mapped to can be shown.
 */
function isLeaf(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const prototype = Object.getPrototypeOf(value);
  return !Array.isArray(value) && prototype !== null && prototype !== Object.prototype;
}

const ORDER = ["nodes", "edges", "receivers", "senders", "globals", "nNode", "nEdge"];

/** The fields, a graph's own in the usual order (unflattening a tree sorts them), others after. */
function fieldsOf(graph: Readonly<Record<string, unknown>>): string[] {
  const others = Object.keys(graph).filter((field) => !ORDER.includes(field));
  return [...ORDER.filter((field) => field in graph), ...others];
}

/** Name and description of each leaf, `null` for a field without leaves; values are never read. */
function rows(graph: Readonly<Record<string, unknown>>): [name: string, text: string][] {
  return fieldsOf(graph).flatMap((field): [string, string][] => {
    const tree = graph[field] as TreeOf<unknown>;
    const leaves = treeLeaves<unknown>(tree, isLeaf);
    if (leaves.length === 0) return [[field, "null"]];
    const paths = treePaths(tree, isLeaf);
    const join = (path: string): string =>
      path === "" || path[0] === "[" ? field + path : `${field}.${path}`;
    return leaves.map((leaf, i) => [join(paths[i]!), describe(leaf)]);
  });
}

function title(graph: Readonly<Record<string, unknown>>): string {
  const size = (field: string): number | undefined => {
    const leaf = treeLeaves<unknown>(graph[field] as TreeOf<unknown>, isLeaf)[0];
    return isTensor(leaf) ? leaf.shape[0] : undefined;
  };
  const count = (n: number | undefined, noun: string): string[] =>
    n === undefined ? [] : [`${n} ${noun}${n === 1 ? "" : "s"}`];
  const counts = [
    ...count(size("nNode"), "graph"),
    ...count(size("nodes"), "node"),
    ...count(size("senders"), "edge"),
  ];
  return ["GraphsTuple", counts.join(", ")].filter((part) => part !== "").join(": ");
}

/** The graph in lines of text: sizes, then each field with dtype and shape. */
function graphText(graph: Readonly<Record<string, unknown>>): string {
  const lines = rows(graph);
  const width = Math.max(...lines.map(([name]) => name.length));
  return [title(graph), ...lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)]
    .join("\n");
}

/** The graph as a small HTML table, and a small graph as a drawing beside it. */
function graphHtml(graph: Readonly<Record<string, unknown>>): string {
  const cells = rows(graph).map(([name, text]) =>
    `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(text)}</td></tr>`
  );
  const table = `<table><caption style="white-space:nowrap">${title(graph)}</caption>${
    cells.join("")
  }</table>`;
  const picture = drawing(graph);
  if (picture === "") return table;
  return `<div style="display:flex;align-items:center;gap:24px">${table}${picture}</div>`;
}

type Fields = Readonly<Record<string, unknown>>;

/** Shared by all graphs, so that graphs compare by their fields; `treeMap` carries them over. */
const HOOKS = displayHooks<Fields>({
  text: graphText,
  bundle: (graph) => ({ "text/plain": graphText(graph), "text/html": graphHtml(graph) }),
});

/** The same fields, with the display hooks under symbol keys. */
export function withDisplay<T extends object>(fields: T): T {
  return { ...fields, ...HOOKS };
}
