/**
 * A headless browser, where the machine has one.
 *
 * @module
 */

/**
 * The path of Chromium: what `CHROMIUM` names, else the first of its usual names on the path, else
 * null.
 */
export const CHROMIUM: string | null = Deno.env.get("CHROMIUM") ||
  ["chromium", "chromium-browser", "google-chrome"].map(which).find((path) => path !== null) ||
  null;

/** Why tests that need it are skipped. */
export const NO_BROWSER = "needs a browser: no chromium on the path, and CHROMIUM is not set";

function which(program: string): string | null {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (Deno.statSync(`${folder}/${program}`).isFile) return `${folder}/${program}`;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * Opens a page without a network and returns its document after its scripts have run.
 *
 * @param file Path of the page.
 * @returns The document as HTML text.
 * @throws {Error} If the browser fails; its own words are in the message.
 */
export async function renderPage(file: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(CHROMIUM!, {
    args: [
      ...[
        "--headless=new",
        "--no-sandbox",
        // WebGL without a GPU.
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--ignore-gpu-blocklist",
        "--host-resolver-rules=MAP * ~NOTFOUND",
      ],
      ...["--virtual-time-budget=30000", "--dump-dom", `file://${file}`],
    ],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot open ${file} in the browser: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
