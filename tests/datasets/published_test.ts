import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { zip } from "../../datasets/formats/zip.ts";
import {
  DataFormatError,
  DataNotFoundError,
  lagrangeBench,
  type LagrangeBenchName,
  learningToSimulate,
  type LearningToSimulateName,
  meshGraphNets,
  type MeshGraphNetsName,
  openLagrangeBench,
  openLearningToSimulate,
  openMeshGraphNets,
  type PublishedSplit,
  type SampleName,
  sampleUrl,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";
import { collect, goldenUrl, withServer } from "./support.ts";

/** Runs with a mirror whose data sets all are one, and the paths that were asked for. */
async function withMirror(
  files: URL,
  run: (base: string, folder: string, paths: string[]) => Promise<void>,
): Promise<void> {
  const paths: string[] = [];
  const serve = (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    return fetch(new URL(`${files}/${pathname.split("/").at(-1)}`))
      .catch(() => new Response(null, { status: 404 }));
  };
  await withServer(serve, (base) => withFolder((folder) => run(base, folder, paths)));
}

Deno.test("learningToSimulate() downloads a split once, and gives what openLearningToSimulate() does", () =>
  withMirror(sampleUrl("n_body_springs"), async (base, folder, paths) => {
    const wanted = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
    for (let call = 0; call < 2; call++) {
      const sand = await learningToSimulate("Sand-3D", "valid", { base, folder });
      assertEquals(sand.metadata, wanted.metadata);
      assertEquals(await collect(sand), await collect(wanted));
    }
    assertEquals(paths, ["/Sand-3D/metadata.json", "/Sand-3D/valid.tfrecord"]);
  }));

Deno.test("meshGraphNets() gives what openMeshGraphNets() does, meshes that change included", async () => {
  for (const files of [sampleUrl("cylinder_flow_mini"), goldenUrl("varlen")]) {
    await withMirror(files, async (base, folder, paths) => {
      const wanted = await openMeshGraphNets(files, "train");
      const sphere = await meshGraphNets("sphere_dynamic", "train", { base, folder });
      assertEquals(sphere.metadata, wanted.metadata);
      assertEquals(await collect(sphere), await collect(wanted));
      assertEquals(paths, ["/sphere_dynamic/meta.json", "/sphere_dynamic/train.tfrecord"]);
    });
  }
});

Deno.test("hashes are asked for by the names of files", () =>
  withMirror(sampleUrl("cylinder_flow_mini"), async (base, folder) => {
    const sha256 = { "train.tfrecord": "0".repeat(64) };
    const open = () => meshGraphNets("airfoil", "train", { base, folder, sha256 });
    await assertRejects(open, DataFormatError, "train.tfrecord: expected the SHA-256 0000");
  }));

Deno.test("a split that a home lacks says where to put it by hand", () =>
  withMirror(sampleUrl("cylinder_flow_mini"), async (base, folder) => {
    const open = () => meshGraphNets("airfoil", "test", { base, folder });
    const error = await assertRejects(open, DataNotFoundError, `${base}/airfoil/test.tfrecord`);
    assertStringIncludes(error.message, `put the file at ${folder}/test.tfrecord by hand`);
  }));

/** Runs with a server that has one archive under all names. */
async function withArchive(
  names: readonly string[],
  run: (base: string, folder: string, paths: string[]) => Promise<void>,
): Promise<void> {
  const sample: SampleName = "lennard_jones";
  const inputs = await Promise.all(names.map(async (name) => ({
    name: `2D_TGV_2500_10kevery100/${name}`,
    bytes: await Deno.readFile(sampleUrl(sample, name === "test.h5" ? "valid.h5" : name)),
  })));
  const archive = await new Blob(await Array.fromAsync(zip(inputs, true))).bytes();
  const paths: string[] = [];
  const serve = (request: Request): Response => {
    paths.push(new URL(request.url).pathname);
    return new Response(archive);
  };
  await withServer(serve, (base) => withFolder((folder) => run(base, folder, paths)));
}

Deno.test("lagrangeBench() unpacks an archive once, and gives what openLagrangeBench() does", () =>
  withArchive(["train.h5", "valid.h5", "test.h5", "metadata.json"], async (base, folder, paths) => {
    const wanted = await openLagrangeBench(sampleUrl("lennard_jones"), "train");
    for (let call = 0; call < 2; call++) {
      const vortex = await lagrangeBench("tgv2d", "train", { base, folder });
      assertEquals([vortex.metadata, vortex.splits], [wanted.metadata, ["train", "valid", "test"]]);
      assertEquals(await collect(vortex), await collect(wanted));
    }
    assertEquals(paths, ["/2D_TGV_2500_10kevery100.zip"]);
    const kept = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(kept.includes("2D_TGV_2500_10kevery100.zip"), false);
  }));

Deno.test("an archive that lacks a split says which there are", () =>
  withArchive(["train.h5", "metadata.json"], async (base, folder) => {
    const open = () => lagrangeBench("ldc3d", "test", { base, folder });
    await assertRejects(open, DataNotFoundError, "test.h5, found the splits train");
  }));

Deno.test("an archive that is damaged, or leads out of its folder, leaves nothing behind", async () => {
  const outside = [{ name: "../metadata.json", bytes: new Uint8Array(3) }];
  const whole = await new Blob(await Array.fromAsync(zip(outside))).bytes();
  const cases = [[whole, "would lie outside of"], [
    whole.slice(0, -9),
    "as a ZIP archive",
  ]] as const;
  for (const [archive, text] of cases) {
    await withServer(() => new Response(archive), (base) =>
      withFolder(async (folder) => {
        const open = () => lagrangeBench("ldc3d", "train", { base, folder });
        await assertRejects(open, DataFormatError, text);
        await assertRejects(open, DataFormatError, text);
      }));
  }
});

Deno.test("names and splits that are not published are refused with those that are", async () => {
  const split = "train";
  const cases: [() => Promise<unknown>, string][] = [
    [
      () => learningToSimulate("Honey" as LearningToSimulateName, split),
      "WaterDropSample, WaterDrop",
    ],
    [() => meshGraphNets("flag" as MeshGraphNetsName, split), "flag_minimal, flag_simple"],
    [() => lagrangeBench("tgv" as LagrangeBenchName, split), "tgv2d, rpf2d, ldc2d, dam2d"],
    [() => meshGraphNets("airfoil", "val" as PublishedSplit), "the split val of MeshGraphNets"],
  ];
  for (const [open, text] of cases) await assertRejects(open, RangeError, text);
});
