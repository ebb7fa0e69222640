import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { escapeScript } from "../../../lib/plot/escape.ts";
import { PLOTLY_VERSION } from "../../../lib/plot/plotly_source.ts";
import { lossFigure, table, toHtml } from "../../../lib/plot/mod.ts";

const figure = lossFigure({ train: [1, 0.5] });

Deno.test("toHtml() inlines plotly, of the version that it says, and asks no network for it", async () => {
  const page = await toHtml(figure);
  assertStringIncludes(page, `plotly.js v${PLOTLY_VERSION}`);
  assertFalse(/<script[^>]+src=/.test(page));
  // As many script elements end as begin: nothing in the library ends one early.
  assertEquals(page.match(/<script\b/g)?.length, page.match(/<\/script>/g)?.length);
});

Deno.test("toHtml() from the network is small", async () => {
  const page = await toHtml(figure, { plotly: "cdn" });
  assert(page.length < 10_000);
  assertStringIncludes(page, `plotly-${PLOTLY_VERSION}.min.js"></script>`);
});

Deno.test("toHtml() escapes text, and JSON inside its script", async () => {
  const page = await toHtml(lossFigure({ "</script><b>": [1] }), {
    plotly: "cdn",
    title: "a < b & c",
    text: ["first <i>", "second"],
  });
  assertStringIncludes(page, "<title>a &lt; b &amp; c</title>");
  assertStringIncludes(page, "<p>first &lt;i&gt;</p>\n<p>second</p>");
  assertStringIncludes(page, '"name":"\\u003c/script>\\u003cb>"');
});

Deno.test("toHtml() puts tables above figures, each figure in an element of its own", async () => {
  const page = await toHtml([figure, figure], { plotly: "cdn", tables: [table(["a"], [[1]])] });
  assert(page.indexOf("<table") < page.indexOf("<figure>"));
  assertEquals(page.match(/<div id="figure-\d"/g), ['<div id="figure-1"', '<div id="figure-2"']);
});

Deno.test("escapeScript() leaves no way to end a script element", () => {
  assertEquals(escapeScript("a</script>b</SCRIPT "), "a<\\/script>b<\\/script ");
  assertEquals(escapeScript('"<!--"'), '"<\\!--"');
});

Deno.test("toHtml() makes pages in either theme, and refuses others", async () => {
  const page = (theme?: "light" | "dark" | "auto") =>
    toHtml(figure, { plotly: "cdn", ...(theme ? { theme } : {}) });
  const light = await page();
  assertStringIncludes(light, "color-scheme: light");
  assertFalse(light.includes("{ color-scheme: dark"));
  assertStringIncludes(light, '"figure-1", "light")');
  assertStringIncludes(await page("dark"), "{ color-scheme: dark");
  assertStringIncludes(await page("auto"), "@media (prefers-color-scheme: dark)");
  await assertRejects(
    () => page("blue" as never),
    RangeError,
    'Cannot make a page as its theme is "light", "dark" or "auto": got blue',
  );
});
