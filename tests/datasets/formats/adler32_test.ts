import { assertEquals } from "@std/assert";
import { adler32 } from "../../../datasets/formats/adler32.ts";
import { textBytes } from "../support.ts";

Deno.test("adler32() gives known values", () => {
  assertEquals(adler32(textBytes("Wikipedia")), 0x11e60398);
  assertEquals(adler32(new Uint8Array()), 1);
});

Deno.test("adler32() is what zlib writes behind its streams, for bytes that fill its sums", async () => {
  const bytes = new Uint8Array(100_000).fill(255);
  const packed = await new Response(
    new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate")),
  ).bytes();
  assertEquals(adler32(bytes), new DataView(packed.buffer).getUint32(packed.length - 4));
});
