import { assertEquals } from "@std/assert";
import { escapeHtml } from "../../../lib/base/mod.ts";

Deno.test("escapeHtml() leaves nothing that begins an element, an entity or ends an attribute", () => {
  assertEquals(escapeHtml(`<a b="c">&amp;`), "&lt;a b=&quot;c&quot;&gt;&amp;amp;");
});
