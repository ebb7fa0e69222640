import { assertEquals } from "@std/assert";

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

/** The same for a loop that never awaits. */
const SYNCHRONOUS = `
  import { watchForInterrupt } from "@meshwork/meshwork";
  {
    using unheard = await watchForInterrupt();
    console.log(unheard.requested);
  }
  using interrupt = await watchForInterrupt();
  Deno.kill(Deno.pid, "SIGINT");
  const end = performance.now() + 20_000;
  while (!interrupt.requested && performance.now() < end);
  console.log(interrupt.requested);
  await new Promise((resolve) => setTimeout(resolve, 200));
  Deno.kill(Deno.pid, "SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
`;

for (
  const [name, program] of Object.entries({
    listenForInterrupt: SCRIPT,
    watchForInterrupt: SYNCHRONOUS,
  })
) {
  Deno.test(`${name}() hears one interrupt between steps; a second ends the process`, async () => {
    // A process of its own, as the test runner listens for interrupts too.
    const script = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(script, program);
    const { signal, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", "deno.json", script],
      cwd: new URL("../../../", import.meta.url),
    }).output();
    await Deno.remove(script);
    assertEquals(new TextDecoder().decode(stdout), "false\ntrue\n");
    assertEquals(signal, "SIGINT");
  });
}
