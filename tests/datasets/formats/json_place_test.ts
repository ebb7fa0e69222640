import { assertEquals, assertThrows } from "@std/assert";
import { type JsonPath, placeInJson } from "../../../datasets/formats/json_place.ts";
import { steps } from "../../support/tier.ts";
import { mutate, seeded, textBytes } from "../support.ts";

const TEXT = ' {"a": [1, {"é": "x, ]"}, [ ], -2.5e3], "b" : {}, "c": null, "a\\n": true} ';

Deno.test("placeInJson() finds values by their paths, in bytes", () => {
  const cases: [JsonPath, string][] = [
    [[], '{"a"'],
    [["a"], "[1,"],
    [["a", 0], "1,"],
    [["a", 1], '{"é"'],
    [["a", 1, "é"], '"x, ]"'],
    [["a", 2], "[ ]"],
    [["a", 3], "-2.5e3"],
    [["b"], "{}"],
    [["c"], "null"],
    [["a\n"], "true"],
  ];
  for (const [path, start] of cases) {
    const at = textBytes(TEXT.slice(0, TEXT.indexOf(start))).length;
    assertEquals(placeInJson(TEXT, path), at, start);
  }
});

Deno.test("placeInJson() finds what would hold a value that is missing", () => {
  assertEquals(placeInJson(TEXT, ["d"]), 1);
  assertEquals(placeInJson(TEXT, ["a", 9]), TEXT.indexOf("[1"));
  assertEquals(placeInJson(TEXT, ["c", "deeper"]), placeInJson(TEXT, ["c"]));
});

Deno.test("placeInJson() finds where a text ceases to be JSON", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["  ", 2],
    ['{"a":1,}', 7],
    ['{"é": x}', 7],
    ['{"a" 1}', 5],
    ["[1, 2", 5],
    ["[1 2]", 3],
    ["[1}", 2],
    ['["a', 3],
    ['["a\\x"]', 3],
    ['["a\n"]', 3],
    ["[01]", 2],
    ["{} {}", 3],
    ["nul", 0],
  ];
  for (const [text, at] of cases) {
    assertThrows(() => JSON.parse(text), SyntaxError);
    assertEquals(placeInJson(text, ["no", "such"]), at, text);
  }
});

Deno.test("placeInJson() goes through what is nested deeply, and bytes that are no text", () => {
  const deep = "[".repeat(200_000);
  assertEquals(placeInJson(deep, ["a"]), deep.length);
  assertEquals(placeInJson(new TextDecoder().decode(Uint8Array.of(91, 255, 255))), 0);
  assertEquals(placeInJson(new TextDecoder().decode(Uint8Array.of(91, 34, 255, 34, 63))), 0);
  assertEquals(placeInJson(new TextDecoder().decode(Uint8Array.of(91, 34, 255, 34, 63)), [1]), 4);
});

Deno.test("placeInJson() tells damage wherever JSON.parse() does, and stays in the text", () => {
  const random = seeded(8);
  const original = textBytes(TEXT);
  let refused = 0;
  for (let i = 0; i < steps(300, 10_000); i++) {
    const text = new TextDecoder().decode(mutate(original, random));
    const at = placeInJson(text, ["\u0000"]);
    let isWhole = true;
    try {
      JSON.parse(text);
    } catch {
      isWhole = false;
      refused++;
    }
    // Of whole texts it gives the outermost value.
    if (isWhole) assertEquals(at, /[^ \t\n\r]/.exec(text)!.index);
    assertEquals(at >= 0 && at <= textBytes(text).length, true);
  }
  assertEquals(refused > 100, true);
});
