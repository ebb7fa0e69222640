/**
 * The notebook's side of things: the only file that knows Jupyter and Deno's kernel.
 *
 * The kernel sends output from a loop of its own, so that many small messages, and those sent last in
 * a cell, may arrive after the cell has ended and then land in the next one. So everything here sends
 * few messages and waits a moment after each.
 *
 * @module
 */

/** One output in several forms, by MIME type; the viewer takes the richest that it knows. */
export type MimeBundle = Readonly<Record<string, unknown>>;

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

/** The method that a value's output is asked of, for values that end a cell. */
const HOOK = Symbol.for("Jupyter.display");

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

/** How a value shows itself. */
export interface Appearance {
  /** One line, or a text table, for terminals. */
  text(): string;
  /** For notebooks. */
  bundle(): MimeBundle | Promise<MimeBundle>;
}

/**
 * Gives a plain value an appearance: as the last value of a notebook's cell, and as a string. Both
 * are hidden properties, so that the value compares, spreads and serialises as the plain data it is.
 */
export function displayable<T extends object>(value: T, appearance: Appearance): T {
  Object.defineProperty(value, HOOK, { value: () => appearance.bundle() });
  Object.defineProperty(value, "toString", { value: () => appearance.text() });
  return value;
}

/** The output of a value that {@linkcode displayable} has been given, or undefined. */
export function bundleOf(value: object): Promise<MimeBundle> | undefined {
  const hook = (value as { [HOOK]?: () => MimeBundle | Promise<MimeBundle> })[HOOK];
  return hook === undefined ? undefined : Promise.resolve(hook.call(value));
}
