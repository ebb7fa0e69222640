/**
 * A headless browser, where the machine has one: it runs the pages that hold plotly.
 *
 * @module
 */
import { isFile } from "../base/mod.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  // WebGL without a GPU.
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--host-resolver-rules=MAP * ~NOTFOUND",
];

/** Longer than the slowest page takes; a browser that is not ready by then hangs. */
const LIMIT_MS = 120_000;

/**
 * The path of Chromium: what the variable `CHROMIUM` names, else the first of its usual names on
 * the path, else null.
 */
export function findChromium(): string | null {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return Deno.env.get("CHROMIUM") ||
    NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(isFile) || null;
}

/**
 * Runs Chromium once, without a window and without a network.
 *
 * @returns What it printed.
 * @throws {Error} If there is none, or it fails, its own words in the message; or if it hangs, when
 * it is ended.
 */
export async function runChromium(args: readonly string[]): Promise<string> {
  const path = findChromium();
  if (path === null) {
    throw new Error(
      `Cannot draw without a browser as there is none: looked for ${
        NAMES.join(", ")
      } on the path ` +
        `(apt-get install chromium, or let CHROMIUM name it)`,
    );
  }
  const limit = AbortSignal.timeout(LIMIT_MS);
  const command = new Deno.Command(path, { args: [...FLAGS, ...args], signal: limit });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  const reason = limit.aborted ? `hung for ${LIMIT_MS / 1000} s` : "failed";
  throw new Error(`Cannot open ${args.at(-1)} as the browser ${reason}: ${decoder.decode(stderr)}`);
}

/**
 * Opens a page and returns its document after its scripts have run.
 *
 * @param file Path of the page.
 * @returns The document as HTML text.
 */
export function renderPage(file: string): Promise<string> {
  return runChromium(["--virtual-time-budget=30000", "--dump-dom", `file://${file}`]);
}
