import { assert, assertEquals, assertThrows } from "@std/assert";
import { ByteCursor } from "../../../datasets/formats/byte_cursor.ts";
import { DataFormatError } from "../../../datasets/mod.ts";
import { steps } from "../../support/tier.ts";
import { seeded, textBytes } from "../support.ts";

function cursorOf(text: string): ByteCursor {
  return new ByteCursor(textBytes(text), "text", { file: "a.txt" }, "#");
}

Deno.test("ByteCursor.number() reads what Number() reads, to the last bit", () => {
  const random = seeded(1);
  const words = [
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "007",
    "9007199254740993",
    "1e400",
    "-1E-400",
    "1e22",
  ];
  words.push("0.1234567890123456789012345", "123456789012345678901234567890", "1e-23", "4.9e-324");
  for (let i = 0; i < steps(2000, 50000); i++) {
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    words.push(`${value}`, value.toFixed(6), value.toExponential(Math.floor(random() * 17)));
  }
  const cursor = cursorOf(words.join("\n"));
  for (const word of words) assert(Object.is(cursor.number("x"), Number(word)), word);
  assertEquals(cursor.left, 0);
});

Deno.test("ByteCursor.number() takes the words for what is no number, and nothing else", () => {
  const words = "nan NaN -nan 1.#IND inf -Infinity 1.#INF";
  const cursor = new ByteCursor(textBytes(words), "text");
  const values = Array.from({ length: 7 }, () => cursor.number("x"));
  assertEquals(values, [NaN, NaN, NaN, NaN, Infinity, -Infinity, Infinity]);
  for (const word of ["", ".", "-", "0x10", "1e", "1_0", "1,5", "--1", "1.2.3", "e5"]) {
    assertThrows(() => cursorOf(word).number("x"), DataFormatError, "expected x at byte 0");
  }
});

Deno.test("ByteCursor.integer() and count() keep to their ranges", () => {
  assertEquals(cursorOf(" # a comment\n 12").integer("n"), 12);
  assertThrows(() => cursorOf("1.5").integer("n"), DataFormatError, 'got "1.5"');
  assertThrows(() => cursorOf("3000000000").integer("n"), DataFormatError, "from -2147483648 to");
  assertThrows(
    () => cursorOf("-1").count("n"),
    DataFormatError,
    "expected n, a whole number from 0",
  );
  const error = assertThrows(
    () => cursorOf("ab 1000000000000").count("n", 4),
    DataFormatError,
    'Cannot read a.txt as text: expected n at byte 0, got "ab" (the file is damaged or of another kind',
  );
  assertEquals([error.file, error.byteOffset], ["a.txt", 0]);
  const cursor = cursorOf("ab 1000000000000 1 2 3");
  assertEquals(cursor.word(), "ab");
  assertThrows(
    () => cursor.count("n", 4),
    DataFormatError,
    "expected n, for which 6 bytes are left at byte 3, got 1000000000000",
  );
});

Deno.test("ByteCursor shows bytes that are no text as numbers, and the end as that", () => {
  const bytes = Uint8Array.of(0, 200, 255, 1);
  const cursor = new ByteCursor(bytes, "text");
  assertThrows(() => cursor.fail("x"), DataFormatError, "got the bytes 0 200 255 1");
  assertThrows(() => cursor.fail("x", 4), DataFormatError, "got the end of the file");
});
