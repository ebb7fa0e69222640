/**
 * The notebook's side of things: the only file that sends output to Deno's kernel.
 *
 * The kernel sends output from a loop of its own, so that many small messages, and those sent last
 * in a cell, may arrive after the cell has ended and then land in the next one. So everything here
 * sends few messages and waits a moment after each.
 *
 * @module
 */
import type { MimeBundle } from "../base/mod.ts";

/** Where an output goes: an id to update it by, and whether it is there already. */
export interface Destination {
  readonly id?: string;
  readonly update?: boolean;
}

interface Kernel {
  display(
    bundle: MimeBundle,
    options: { raw: true; display_id?: string; update?: boolean },
  ): Promise<void>;
}

function kernel(): Kernel | undefined {
  try {
    return (globalThis as { Deno?: { jupyter?: Kernel } }).Deno?.jupyter;
  } catch {
    // Outside the kernel Deno's property is there, and throws.
    return undefined;
  }
}

/** Whether this program runs in a notebook's kernel. */
export function inNotebook(): boolean {
  return kernel() !== undefined;
}

/** Sends one output and waits until it has gone out; outside a notebook it does nothing. */
export async function send(bundle: MimeBundle, to: Destination = {}): Promise<void> {
  await kernel()?.display(bundle, {
    raw: true,
    ...(to.id === undefined ? {} : { display_id: to.id }),
    ...(to.update === undefined ? {} : { update: to.update }),
  });
  await flush(Object.values(bundle).reduce<number>((sum, part) => sum + size(part), 0));
}

/** Waits for the kernel's output loop: about 20 ms, and 10 ms for each megabyte. */
async function flush(characters: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20 + characters / 1e5));
}

function size(part: unknown): number {
  return typeof part === "string" ? part.length : 0;
}
