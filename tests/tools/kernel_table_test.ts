import { assertEquals } from "@std/assert";
import { kernelTable } from "../../tools/kernel_table.ts";

Deno.test("docs/kernels.md says where each kernel runs (else: deno task docs:kernels)", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/kernels.md", import.meta.url));
  assertEquals(page, await kernelTable());
});
