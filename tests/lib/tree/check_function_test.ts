import { assertThrows } from "@std/assert";
import { checkFunction } from "../../../lib/tree/mod.ts";

Deno.test("checkFunction() shows what it got", () => {
  checkFunction(() => {}, "map", "fn");
  assertThrows(
    () => checkFunction(null, "map", "fn"),
    TypeError,
    "Cannot map as fn must be a function: got null",
  );
});
