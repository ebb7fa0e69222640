import { assertEquals } from "@std/assert";
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

Deno.test("maskedCrc32c() rotates the checksum and adds the constant", () => {
  // crc 0xe3069283 rotated right by 15 bits is 0x2507c60d.
  assertEquals(maskedCrc32c(new TextEncoder().encode("123456789")), 0x2507c60d + 0xa282ead8);
});
