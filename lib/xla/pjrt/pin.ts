/**
 * Keeps a library loaded until the process ends.
 *
 * When an isolate ends, Deno unloads the libraries that it opened. A plugin's threads and exit
 * handlers outlive that, and then run code that is no longer there: the process ends with a
 * segmentation fault instead of its exit code. Opening the library once more with RTLD_NODELETE
 * makes the unloading do nothing.
 *
 * @module
 */

const RTLD_LAZY = 1;

/** Where `dlopen` is, and the value of RTLD_NODELETE, by platform. Windows has no need of it. */
const LOADERS: Partial<Record<typeof Deno.build.os, { files: string[]; noDelete: number }>> = {
  linux: { files: ["libc.so.6", "libdl.so.2"], noDelete: 0x1000 },
  darwin: { files: ["libSystem.B.dylib"], noDelete: 0x80 },
};

/** Pins a library that is open; where the platform offers no way, it stays as it is. */
export function pin(path: string): void {
  const loader = LOADERS[Deno.build.os];
  for (const file of loader?.files ?? []) {
    try {
      const libc = Deno.dlopen(
        file,
        { dlopen: { parameters: ["buffer", "i32"], result: "pointer" } } as const,
      );
      libc.symbols.dlopen(new TextEncoder().encode(`${path}\0`), RTLD_LAZY | loader!.noDelete);
      libc.close();
      return;
    } catch {
      // The next file, or a C library (musl) that never unloads anyway.
    }
  }
}
