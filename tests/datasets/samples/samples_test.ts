import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };
import { cylinderFlowMini } from "../../../datasets/samples/mod.ts";
import { withFolder } from "../../support/folder.ts";
import { collect, withServer } from "../support.ts";

Deno.test("cylinderFlowMini() opens both splits of the sample", async () => {
  const { train, valid } = await cylinderFlowMini();
  for (const [data, nodes] of [[train, 1140], [valid, 1121]] as const) {
    const [trajectory, ...others] = await collect(data);
    assertEquals(others, []);
    const { velocity } = trajectory!;
    assertEquals(Array.isArray(velocity) || velocity!.shape, [100, nodes, 2]);
  }
});

Deno.test("each sample says its source and licence", async () => {
  const folder = new URL("../../../datasets/samples/", import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name);
  assertEquals(names.sort(), [
    "cylinder_flow_mini",
    "flag_simple_mini",
    "lennard_jones",
    "les_miserables",
    "meshes",
    "molecules_clogp",
    "n_body_springs",
    "qm9_mini",
    "water_drop_mini",
  ]);
  for (const name of names) {
    const text = await Deno.readTextFile(new URL(`${name}/README.md`, folder));
    assertStringIncludes(text, "**Source**");
    assertStringIncludes(text, "**Licence**");
  }
});

/** Serves the checkout, as a package's server does. */
async function serveCheckout(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = pathname.endsWith(".ts") ? { "content-type": "application/typescript" } : {};
  try {
    const file = await fetch(new URL(`../../../${pathname}`, import.meta.url));
    return new Response(file.body, { headers });
  } catch {
    return new Response("nothing here", { status: 404 });
  }
}

/** Where Deno keeps npm packages. */
async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return (JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string }).npmCache;
}

Deno.test("samples are fetched where the package was imported from a server", () =>
  withServer(serveCheckout, (address) =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/program.ts`,
        `import { cylinderFlowMini } from "${address}/datasets/mod.ts";
        const { valid } = await cylinderFlowMini();
        for await (const { cells } of valid) console.log(valid.name, cells.shape.join());`,
      );
      // Registries write out what a bare name stands for, and npm packages are in the cache
      // already.
      const imports = { "@tensorflow/tfjs": config.imports["@tensorflow/tfjs"] };
      await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports }));
      await Deno.copyFile(new URL("../../../deno.lock", import.meta.url), `${folder}/deno.lock`);
      await Deno.mkdir(`${folder}/cache`);
      await Deno.symlink(await npmCache(), `${folder}/cache/npm`, { type: "dir" });
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "-A", "program.ts"],
        cwd: folder,
        env: { DENO_DIR: `${folder}/cache` },
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals(text(stdout), "cylinder_flow_mini 1,2120,3\n", text(stderr));
    })));
