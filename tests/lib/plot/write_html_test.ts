import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { lossFigure, writeHtml } from "../../../lib/plot/mod.ts";

const figure = lossFigure({ train: [1, 0.5] });

Deno.test("writeHtml() makes folders and leaves nothing beside the page", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeHtml(`${folder}/deep/er/loss.html`, figure, { title: "Loss", plotly: "cdn" });
    assertStringIncludes(await Deno.readTextFile(`${folder}/deep/er/loss.html`), "<h1>Loss</h1>");
    const names = Array.from(Deno.readDirSync(`${folder}/deep/er`), (entry) => entry.name);
    assertEquals(names, ["loss.html"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeHtml() that fails names the page and leaves what was there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // A folder in the page's place cannot be replaced by a file.
    await Deno.mkdir(`${folder}/page.html/kept`, { recursive: true });
    await assertRejects(
      () => writeHtml(`${folder}/page.html`, figure, { plotly: "cdn" }),
      Error,
      `Cannot write ${folder}/page.html as the file system refuses`,
    );
    const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assertEquals(names, ["page.html"]);
    assertEquals((await Deno.stat(`${folder}/page.html/kept`)).isDirectory, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
