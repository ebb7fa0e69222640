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
