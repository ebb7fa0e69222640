import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./source.ts";

Deno.test("the package can be published: no slow types, and only what its users need", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stderr);
  assert(success, output);
  const files = [
    ...output.matchAll(/file:\/\/\S*?\/((?:lib|datasets|tests|tools|examples|mod)\S*) \(/g),
  ];
  assert(files.length > 0, output);
  assertEquals(files.map(([, path]) => path!).filter((path) => /^(tests|examples)/.test(path)), []);
});
