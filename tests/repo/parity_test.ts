import { assertEquals } from "@std/assert";
import { exportsOf } from "./documentation.ts";
import { EXPORTED, SHARDED, UNLISTED } from "./jraph_names.ts";
import { readText } from "./source.ts";

/** A row of a table in docs/PARITY.md. */
interface Row {
  readonly jraph: string;
  /** Our names; none where the row says `later`, or that there is none. */
  readonly ours: readonly string[];
  readonly isLater: boolean;
}

const code = (cell: string): string[] => [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!);

const ROWS: readonly Row[] = readText("docs/PARITY.md").split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, jraph]) => jraph?.startsWith("`"))
  .map(([, jraph, ours]) => ({
    jraph: code(jraph!)[0]!,
    ours: ours!.startsWith("later") || ours!.startsWith("none") ? [] : code(ours!),
    isLater: ours!.startsWith("later"),
  }));

const exported = new Set((await exportsOf("mod.ts")).map(({ name }) => name));

/** What a name would be here: a model's in camelCase, a type's as it is. */
function candidates(jraph: string): string[] {
  const camel = jraph.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [camel, camel[0]!.toLowerCase() + camel.slice(1)];
}

Deno.test("docs/PARITY.md has one row for each of Jraph's names, and no other", () => {
  const names = [...EXPORTED, ...UNLISTED, ...SHARDED];
  assertEquals(EXPORTED.length, 55);
  assertEquals(ROWS.map(({ jraph }) => jraph).toSorted(), names.toSorted());
});

Deno.test("docs/PARITY.md names only what is exported, and each row says something", () => {
  const missing = ROWS.flatMap(({ ours }) => ours).filter((name) => !exported.has(name));
  assertEquals(missing, []);
  const lacking = ROWS.filter(({ jraph, ours, isLater }) =>
    EXPORTED.includes(jraph) && (ours.length === 0 || isLater)
  );
  assertEquals(lacking, [], "every name that Jraph exports is built");
});

Deno.test("docs/PARITY.md says later of nothing that is exported already", () => {
  const later = ROWS.filter(({ isLater }) => isLater).map(({ jraph }) => jraph);
  assertEquals(later.flatMap(candidates).filter((name) => exported.has(name)), []);
});
