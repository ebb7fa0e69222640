/**
 * Writes `docs/kernels.md`: where each kernel of TensorFlow.js runs, on xla and on wasm.
 *
 *     deno task docs:kernels
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { HOST_ONLY } from "../lib/xla/host_kernels.ts";
import { KERNELS } from "../lib/xla/mod.ts";

const FILE = new URL("../docs/kernels.md", import.meta.url);

const INTRODUCTION = `\
# Kernels

Where each kernel of TensorFlow.js runs. This page is written by \`deno task docs:kernels\`, and a
test holds it to the code.

On xla a kernel is _native_ if it becomes StableHLO, eagerly and inside \`jit\`; on the _host_ it runs
by tfjs's cpu backend, eagerly only: inside \`jit\` it throws a \`TracerError\` that names the way
round. Strings and complex numbers stay on the host whatever the kernel. On wasm a kernel is the
backend's _own_, or _lent_ from the cpu backend.

What is _absent_ everywhere is a name that no op runs here: \`FromPixels\` reads what a browser shows,
and the ops of the others are made of other kernels.
`;

/** The names of all kernels that tfjs knows of. */
function tfjsKernels(): string[] {
  return Object.entries(tf).filter(([name, value]) => value === name).map(([name]) => name);
}

/** The rows of a table as Markdown, each column as wide as its widest cell. */
function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [rows[0]!, rule, ...rows.slice(1)].map(line).join("\n");
}

/** The page. */
export async function kernelTable(): Promise<string> {
  await import("@tensorflow/tfjs-backend-wasm");
  const names = (backend: string): Set<string> =>
    new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  const wasm = names("wasm");
  const known = new Set(tfjsKernels());
  // The kernels that this library adds are registered for the cpu backend too.
  await import("../lib/tfjs/mod.ts");
  const cpu = names("cpu");
  const native = new Set([...Object.keys(KERNELS), "Identity"]);
  const row = (name: string): string[] => {
    const onXla = native.has(name) ? "native" : cpu.has(name) ? "host" : "absent";
    const onWasm = wasm.has(name) ? "own" : cpu.has(name) ? "lent" : "absent";
    const why = onXla === "host" ? HOST_ONLY.get(name)?.reason ?? "no native form yet" : "";
    return [`\`${name}\``, onXla, onWasm, why];
  };
  const table = (kernels: Iterable<string>): string =>
    markdown([["kernel", "xla", "wasm", "why on the host"], ...[...kernels].sort().map(row)]);
  const own = [...cpu, ...native].filter((name) => !known.has(name));
  return `${INTRODUCTION}
## Kernels of TensorFlow.js

${table(known)}

## Kernels of this library

${table(new Set(own))}
`;
}

if (import.meta.main) await Deno.writeTextFile(FILE, await kernelTable());
