import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { table, tableHtml, tableText } from "../../../lib/plot/mod.ts";

const results = table(["engine", "steps/s"], [["xla", 12.34567], ["wasm", 2]]);

Deno.test("tableText() aligns numbers to the right, text to the left", () => {
  assertEquals(tableText(results), "engine  steps/s\nxla       12.35\nwasm          2");
  assertEquals(String(results), tableText(results));
});

Deno.test("tableHtml() escapes its cells", () => {
  assertStringIncludes(tableHtml(table(["<a>"], [["&"]])), "&lt;a&gt;</th>");
});

Deno.test("a table is plain data", () => {
  assertEquals(JSON.parse(JSON.stringify(results)), {
    columns: ["engine", "steps/s"],
    rows: [["xla", 12.34567], ["wasm", 2]],
  });
});

Deno.test("table() wants a cell for each column", () => {
  assertThrows(
    () => table(["a", "b"], [[1, 2], [1]]),
    RangeError,
    "Cannot make a table as each row needs a cell for each of the 2 columns (a, b): row 1 has 1",
  );
});
