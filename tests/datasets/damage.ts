/** Files that are damaged, read, and what must hold of what comes of it. @module */
import { assert, assertEquals } from "@std/assert";
import { DataFormatError } from "../../datasets/mod.ts";
import { mutate, seeded } from "./support.ts";

/** A format, and what is damaged of it. */
export interface Format {
  /** Files by the names that they are read under. */
  readonly files: Readonly<Record<string, URL | Uint8Array>>;
  /** Those that are damaged, in turn; all by default. */
  readonly damaged?: readonly string[];
  /** Reads the folder that the files are in; `name` is that of the damaged one. */
  readonly read: (folder: string, name: string) => Promise<unknown>;
  /** What must hold of what is read, beside that it fits into memory: `whole` is the original's. */
  readonly check?: (found: unknown, whole: unknown) => void;
  /** The part of a file from its beginning that most damage goes to. */
  readonly head?: number;
  /** Whether the reader cannot tell bytes. */
  readonly isPlaceless?: boolean;
}

/** Bytes in gzip. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return await new Response(packed).bytes();
}

/** Typed arrays as plain ones, as text. */
export function shown(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, String);
  return Array.isArray(value) || value === null || typeof value !== "object"
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)]));
}

/** The least memory that something can have: the bytes of its arrays and texts. */
function weightOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Map) return weightOf([...value]);
  return Object.values(value).reduce((sum, each) => sum + weightOf(each), 8);
}

/** A damaged copy; what is compressed is damaged from outside or inside. */
async function damage(
  original: Uint8Array,
  { head = Infinity }: Format,
  random: () => number,
): Promise<{ bytes: Uint8Array; isInside: boolean }> {
  if (original[0] === 0x1f && original[1] === 0x8b && random() < 0.5) {
    const plain = new Blob([new Uint8Array(original)]).stream().pipeThrough(
      new DecompressionStream("gzip"),
    );
    const inner = await new Response(plain).bytes();
    return { bytes: await gzip(mutate(inner, random)), isInside: true };
  }
  const split = random() < 0.7 ? Math.min(head, original.length) : original.length;
  const changed = mutate(original.subarray(0, split), random);
  const bytes = new Uint8Array(changed.length + original.length - split);
  bytes.set(changed);
  bytes.set(original.subarray(split), changed.length);
  return { bytes, isInside: false };
}

/** Checks that an error tells what was damaged and where, as far as the format can. */
function checkError(
  error: unknown,
  folder: string,
  damaged: { readonly name: string; readonly bytes: Uint8Array },
  isPlaceless = false,
): void {
  if (!(error instanceof DataFormatError)) throw error;
  const { file = "", byteOffset, message } = error;
  // An array of an archive is told as one of a file.
  assert(file.includes(folder), message);
  assert(message.includes(folder), message);
  if (isPlaceless && byteOffset === undefined) return;
  assert(Number.isSafeInteger(byteOffset) && byteOffset! >= 0, message);
  assert(message.includes(`byte ${byteOffset}`), message);
  // Bytes of what is compressed are those of what is in it.
  const isPlain = file === `${folder}/${damaged.name}` && !file.endsWith(".gz");
  if (isPlain) assert(byteOffset! <= damaged.bytes.length, message);
}

/** Damages the files of a format so many times, in a folder, and reads them. */
export async function damageFiles(
  title: string,
  format: Format,
  folder: string,
  count: number,
): Promise<void> {
  const originals: Record<string, Uint8Array> = {};
  for (const [name, source] of Object.entries(format.files)) {
    originals[name] = source instanceof URL ? await Deno.readFile(source) : source;
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${folder}/${name}`, originals[name]);
  }
  const names = format.damaged ?? Object.keys(format.files);
  const wholes: Record<string, unknown> = {};
  for (const name of names) wholes[name] = await format.read(folder, name);
  const random = seeded(title.length * 1000 + title.charCodeAt(0));
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]!;
    const original = originals[name]!;
    const { bytes, isInside } = await damage(original, format, random);
    await Deno.writeFile(`${folder}/${name}`, bytes);
    let found: unknown;
    try {
      found = await format.read(folder, name);
    } catch (error) {
      checkError(error, folder, { name, bytes }, format.isPlaceless);
      refused++;
      await Deno.writeFile(`${folder}/${name}`, original);
      continue;
    }
    await Deno.writeFile(`${folder}/${name}`, original);
    // No count was believed beyond what is there.
    assert(weightOf(found) < 1100 * (weightOf(wholes[name]) + 1000));
    format.check?.(found, wholes[name]);
    // The checksum of gzip covers all that is in it.
    if (name.endsWith(".gz") && !isInside) assertEquals(shown(found), shown(wholes[name]));
  }
  // Else the damage would not reach what is checked.
  assert(refused > count / 10, `${refused} of ${count} refused`);
}
