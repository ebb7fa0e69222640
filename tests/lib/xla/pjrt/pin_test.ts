import { assertEquals } from "@std/assert";
import { clientTest } from "./cpu_client.ts";

clientTest(
  "a process ends with exit code 0 after the worker that loaded the plugin",
  async () => {
    const { code, signal, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", new URL("./end_worker.ts", import.meta.url).href],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "ended\n");
    assertEquals({ code, signal }, { code: 0, signal: null });
  },
);
