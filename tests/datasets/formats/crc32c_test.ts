import { assertEquals, assertNotEquals } from "@std/assert";
import { crc32c, maskedCrc32c } from "../../../datasets/formats/crc32c.ts";
import { randomBytes, seeded } from "../support.ts";

/** The definition, bit by bit. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A whole number below a limit. */
const at = (random: () => number, limit: number): number => Math.floor(random() * limit);

Deno.test("crc32c() gives the check value of the algorithm", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("crc32c() gives the values of RFC 3720, B.4", () => {
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c);
});

Deno.test("crc32c() equals the definition for all lengths and alignments", () => {
  const bytes = randomBytes(80, seeded(1));
  for (let begin = 0; begin < 9; begin++) {
    for (let end = begin; end <= bytes.length; end++) {
      const part = bytes.subarray(begin, end);
      assertEquals(crc32c(part), slowCrc32c(part));
    }
  }
});

Deno.test("crc32c() goes on from the checksum of the bytes before", () => {
  const bytes = randomBytes(50, seeded(2));
  for (let cut = 0; cut <= bytes.length; cut++) {
    assertEquals(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), crc32c(bytes));
  }
});

Deno.test("crc32c() equals the definition for long inputs, which are made short first", () => {
  const random = seeded(3);
  const bytes = randomBytes(150_000, random);
  // Around the limit, around the memory of the loop and its reach, and anywhere.
  const lengths = [16383, 16384, 16385, 65535, 65536, 65537, 65552, 70811, 70812, 131072];
  for (const [i, length] of [...lengths, ...lengths.map(() => at(random, 140_000))].entries()) {
    const part = bytes.subarray(i % 7, i % 7 + length);
    assertEquals(crc32c(part), slowCrc32c(part));
    const cut = at(random, length);
    assertEquals(crc32c(part.subarray(cut), crc32c(part.subarray(0, cut))), crc32c(part));
  }
});

Deno.test("crc32c() sees each flipped bit of a long input", () => {
  const random = seeded(4);
  const bytes = randomBytes(40_000, random);
  const whole = crc32c(bytes);
  for (let i = 0; i < 300; i++) {
    const bit = at(random, 8 * bytes.length);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    assertNotEquals(crc32c(bytes), whole);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
  }
});

Deno.test("a long input is left as it is where WebAssembly is not allowed", async () => {
  const { WebAssembly } = globalThis;
  const bytes = randomBytes(20_000, seeded(5));
  try {
    Reflect.deleteProperty(globalThis, "WebAssembly");
    // A copy of the module that has not met a long input.
    const url = new URL("../../../datasets/formats/crc32c_shortening.ts?alone", import.meta.url);
    const { shortenForCrc32c } = await import(url.href);
    assertEquals(shortenForCrc32c(bytes, -1), null);
  } finally {
    Object.defineProperty(globalThis, "WebAssembly", {
      value: WebAssembly,
      configurable: true,
      writable: true,
    });
  }
});

Deno.test("maskedCrc32c() rotates the checksum and adds the constant", () => {
  // crc 0xe3069283 rotated right by 15 bits is 0x2507c60d.
  assertEquals(maskedCrc32c(new TextEncoder().encode("123456789")), 0x2507c60d + 0xa282ead8);
});
