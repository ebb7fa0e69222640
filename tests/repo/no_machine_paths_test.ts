import { assertEquals } from "@std/assert";
import { readText, repositoryFiles } from "./source.ts";

// Put together from pieces, so that this file does not find itself.
const REGISTRY_HOSTS = ["pypi", "pythonhosted", "npmjs", "debian"].join("|");
const MACHINE_FOLDERS = ["work", "farm", "root"].join("|");
const FORBIDDEN = new RegExp(
  `https?://[A-Za-z0-9.-]*(${REGISTRY_HOSTS})|(^|[^A-Za-z0-9_.])/(${MACHINE_FOLDERS})/[A-Za-z.]`,
);

/** Text has no NUL among its first bytes; data sets and pictures do. */
function isText(text: string): boolean {
  return !text.slice(0, 8000).includes("\0");
}

Deno.test("no file names a registry's host or a folder of one machine", async () => {
  const found: string[] = [];
  for (const path of await repositoryFiles()) {
    const text = readText(path);
    if (!isText(text)) continue;
    text.split("\n").forEach((line, i) => {
      if (FORBIDDEN.test(line)) found.push(`${path}:${i + 1}: ${line.trim().slice(0, 120)}`);
    });
  }
  assertEquals(found, []);
});
