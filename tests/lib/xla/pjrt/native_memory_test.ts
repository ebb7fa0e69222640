import { assertEquals } from "@std/assert";
import { allocate } from "../../../../lib/xla/pjrt/native_memory.ts";
import { addressOf, bytesAt, Struct } from "../../../../lib/xla/pjrt/struct.ts";
import { xlaTest } from "../../../support/engines.ts";
import { steps } from "../../../support/tier.ts";

Deno.test("allocate() gives memory at an address, of none bytes too", () => {
  const memory = allocate(5);
  memory.bytes.set([1, 2, 3, 4, 5]);
  assertEquals(addressOf(memory.bytes), memory.address);
  assertEquals(bytesAt(memory.address, 5), Uint8Array.of(1, 2, 3, 4, 5));
  memory.free();
  const nothing = allocate(0);
  assertEquals(nothing.bytes.length, 0);
  nothing.free();
});

Deno.test("a struct is copied to native memory with all that it points to", () => {
  const code = Uint8Array.of(7, 8, 9);
  const program = new Struct("PJRT_Program", { code, code_size: 3 });
  const args = new Struct("PJRT_Client_Compile_Args", { program, compile_options_size: 11 });
  const memory: ReturnType<typeof allocate>[] = [];
  args.bytes.set(args.copyTo(memory).bytes);
  assertEquals(memory.length, 3);
  assertEquals(args.number("compile_options_size"), 11);
  assertEquals(args.address("program"), memory[1]!.address);
  program.bytes.set(bytesAt(args.address("program"), program.bytes.length));
  assertEquals(program.number("code_size"), 3);
  assertEquals(program.address("code"), memory[2]!.address);
  assertEquals(bytesAt(program.address("code"), 3), code);
  for (const { free } of memory) free();
});

xlaTest("a process goes on when workers are ended in the middle of their reads", async () => {
  const script = new URL("./end_reading_workers.ts", import.meta.url).href;
  const { code, signal, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, String(steps(2, 6))],
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout).trim();
  assertEquals({ code, signal, text }, { code: 0, signal: null, text: "ended" });
});
