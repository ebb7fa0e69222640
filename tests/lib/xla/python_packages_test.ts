import { assert, assertEquals, assertRejects } from "@std/assert";
import { EngineError } from "../../../lib/base/mod.ts";
import { pythonPackageFolders } from "../../../lib/xla/python_packages.ts";

/** A file that stands in for Python. */
async function fakePython(script: string): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

const UNIX = { ignore: Deno.build.os === "windows" };

Deno.test({
  name: "pythonPackageFolders() asks the chosen Python for its folders",
  ...UNIX,
  async fn() {
    const python = await fakePython(
      "printf '\\n/lib/python3.zip\\n/lib/python3\\n/site packages\\n'",
    );
    assertEquals(await pythonPackageFolders(python), ["/lib/python3", "/site packages"]);
    await Deno.remove(python);
  },
});

Deno.test({
  name: "pythonPackageFolders() says when the chosen one is no Python",
  ...UNIX,
  async fn() {
    const python = await fakePython("echo it is broken >&2; exit 3");
    for (const [path, reason] of [[python, "it is broken"], ["/no/python", "No such file"]]) {
      const error = await assertRejects(() => pythonPackageFolders(path), EngineError, reason);
      assert(
        error.message.startsWith(
          "Cannot look for plugins among Python's packages as MESHWORK_PYTHON is no Python: " +
            path,
        ),
        error.message,
      );
    }
    await Deno.remove(python);
  },
});

Deno.test({
  name: "pythonPackageFolders() says which permission it lacks",
  permissions: { run: false },
  fn: () =>
    assertRejects(
      () => pythonPackageFolders(undefined),
      EngineError,
      "Cannot look for plugins among Python's packages as Deno does not permit it: Requires run access",
    ).then(() => {}),
});
