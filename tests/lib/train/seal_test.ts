import { assertEquals, assertRejects } from "@std/assert";
import { decodeSafetensors } from "../../../lib/train/safetensors.ts";
import { checkSeal, NO_HASH, OWN, seal } from "../../../lib/train/seal.ts";

/** A sealed file, and the checksum that it holds. */
async function sealed(): Promise<{ file: Uint8Array; sha256: string }> {
  const file = await seal({
    tensors: new Map([["w", { dtype: "float32", shape: [2], data: Float32Array.of(1, 2) }]]),
    metadata: { [OWN]: JSON.stringify({ sha256: NO_HASH, note: "é" }) },
  });
  const { sha256, note } = JSON.parse(decodeSafetensors(file, "it").metadata[OWN]!);
  assertEquals(note, "é");
  return { file, sha256 };
}

Deno.test("a sealed file holds its own checksum, the same each time", async () => {
  const { file, sha256 } = await sealed();
  assertEquals(/^[0-9a-f]{64}$/.test(sha256) && sha256 !== NO_HASH, true);
  await checkSeal(file, sha256, "it");
  assertEquals(await sealed(), { file, sha256 });
});

Deno.test("any bit that changed breaks the seal", async () => {
  const { file, sha256 } = await sealed();
  const inTensor = file.length - 1;
  const inNote = new TextDecoder("latin1").decode(file).indexOf("note");
  for (const at of [inTensor, inNote]) {
    const changed = file.slice();
    changed[at]! ^= 1;
    await assertRejects(
      () => checkSeal(changed, sha256, "it"),
      SyntaxError,
      "Cannot read it as its bytes must be those that were saved: its checksum differs (it is damaged",
    );
  }
  await assertRejects(
    () => checkSeal(file, "f".repeat(64), "it"),
    SyntaxError,
    'its header must hold a checksum in "meshwork"',
  );
});
