import { assert, assertFalse } from "@std/assert";
import { isFile } from "../../../lib/base/mod.ts";

Deno.test("isFile() tells files from folders and from nothing", () => {
  const own = new URL(import.meta.url).pathname;
  assert(isFile(own));
  assertFalse(isFile(own.slice(0, own.lastIndexOf("/"))));
  assertFalse(isFile(`${own}/no`));
});
