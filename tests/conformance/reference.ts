/**
 * The checked-in list of specs that pass on tfjs's own cpu backend: what each backend is held to.
 *
 * `reference.txt` names each file of specs, and under it the specs that run on a backend: after `+`
 * those that fail on a backend without kernels, after `-` those that need none.
 *
 * @module
 */
const FILE = new URL("reference.txt", import.meta.url);

const HEADER = `\
# The specs of tfjs-core 4.22.0 that run on a backend and pass on tfjs's own cpu backend, unmodified,
# under Deno; "+" marks those that need a kernel. Written by \`deno task conformance --write-reference\`.
`;

/** The spec's name apart from its file. */
const SEPARATOR = " › ";

/** Specs in the order in which they run, and whether each needs a kernel. */
export type Reference = ReadonlyMap<string, boolean>;

/** Reads the list. */
export async function readReference(): Promise<Reference> {
  const specs = new Map<string, boolean>();
  let file = "";
  for (const line of (await Deno.readTextFile(FILE)).split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (/^[+-] /.test(line)) specs.set(file + SEPARATOR + line.slice(2), line.startsWith("+"));
    else file = line;
  }
  return specs;
}

/** Writes the list. */
export async function writeReference(specs: Reference): Promise<void> {
  const lines: string[] = [];
  for (const [file, names] of groupByFile(specs.keys())) {
    const marked = names.map((name) => `${specs.get(file + SEPARATOR + name) ? "+" : "-"} ${name}`);
    lines.push(file, ...marked);
  }
  await Deno.writeTextFile(FILE, HEADER + lines.join("\n") + "\n");
}

/** The names of specs by their files, in the order given. */
export function groupByFile(specs: Iterable<string>): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const spec of specs) {
    const at = spec.indexOf(SEPARATOR);
    const file = spec.slice(0, at);
    if (!files.has(file)) files.set(file, []);
    files.get(file)!.push(spec.slice(at + SEPARATOR.length));
  }
  return files;
}
