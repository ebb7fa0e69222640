/** What the tests of data sets share. @module */
import { type DataArray, dtypeOf, toBytes } from "../../datasets/array.ts";

/** The address of a golden file. */
export function goldenUrl(file: string): URL {
  return new URL(`../golden/datasets/${file}`, import.meta.url);
}

/** All that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A sequence of numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

/** Random bytes. */
export function randomBytes(length: number, random: () => number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => random() * 256);
}

/** Bytes one after another. */
export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Cuts bytes into chunks of a size. */
export function chunked(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

/** An array in the form of the golden files: shape, dtype and hash. */
export async function digest(array: DataArray): Promise<object> {
  const bytes = new Uint8Array(toBytes(array.data));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { dtype: dtypeOf(array.data), sha256, shape: array.shape };
}

/** Runs something with a web server; it gets the server's address. */
export async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  run: (address: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
    // A handler that breaks its answer off is part of the tests.
    onError: () => new Response(null, { status: 500 }),
  }, handler);
  try {
    await run(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** The bytes of a text. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

const COUNTS = ["-1", "1000000000000", "99999999999999999999", "1e12", "nan", "0", "4294967295"];

/**
 * A damaged copy: bytes changed, the end cut off, a number made huge, a part doubled or taken out.
 */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const at = (length = bytes.length) => Math.floor(random() * length);
  const splice = (start: number, end: number, put: Uint8Array) => {
    const whole = new Uint8Array(start + put.length + bytes.length - end);
    whole.set(bytes.subarray(0, start));
    whole.set(put, start);
    whole.set(bytes.subarray(end), start + put.length);
    return whole;
  };
  switch (at(5)) {
    case 0: {
      const copy = bytes.slice();
      for (let i = 1 + at(8); i > 0; i--) copy[at()] = at(256);
      return copy;
    }
    case 1:
      return bytes.slice(0, at());
    case 2: {
      // A word of the first lines, where the counts are, or of anywhere.
      const text = new TextDecoder("latin1").decode(bytes);
      const from = text.slice(random() < 0.5 ? at(Math.min(400, bytes.length)) : at());
      const number = /\b\d+\b/.exec(from);
      if (!number) return bytes.slice(0, at());
      const start = bytes.length - from.length + number.index;
      return splice(start, start + number[0].length, textBytes(COUNTS[at(COUNTS.length)]!));
    }
    case 3: {
      const copy = bytes.slice();
      const start = at(Math.max(1, copy.length - 4));
      for (let i = start; i < start + 4; i++) copy[i] = random() < 0.5 ? 255 : 127;
      return copy;
    }
    default: {
      const start = at();
      const part = bytes.subarray(start, start + at(60));
      return random() < 0.5
        ? splice(start, start, part)
        : splice(start, start + part.length, new Uint8Array());
    }
  }
}

/** The rows of a table as lists. */
export function nested(array: DataArray | null): number[][] | null {
  if (!array) return null;
  const [rows, width] = array.shape as [number, number];
  return Array.from(
    { length: rows },
    (_, i) => Array.from(array.data.subarray(i * width, (i + 1) * width), Number),
  );
}
