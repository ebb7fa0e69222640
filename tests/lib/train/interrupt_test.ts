import { assertEquals } from "@std/assert";

/** A process of its own, as the test runner listens for interrupts too. */
const SCRIPT = `
  import { listenForInterrupt } from "@meshwork/meshwork";
  {
    using unheard = listenForInterrupt();
    await unheard.pause();
    console.log(unheard.requested);
  }
  using interrupt = listenForInterrupt();
  Deno.kill(Deno.pid, "SIGINT");
  let steps = 0;
  while (!interrupt.requested && steps < 1e7) {
    steps++;
    await interrupt.pause();
  }
  console.log(interrupt.requested);
  // Nobody listens any more: this one ends the process.
  Deno.kill(Deno.pid, "SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
`;

Deno.test("listenForInterrupt() hears one interrupt between steps; a second ends the process", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(script, SCRIPT);
  const { signal, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", "deno.json", script],
    cwd: new URL("../../../", import.meta.url),
  }).output();
  await Deno.remove(script);
  assertEquals(new TextDecoder().decode(stdout), "false\ntrue\n");
  assertEquals(signal, "SIGINT");
});
