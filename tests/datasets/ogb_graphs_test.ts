import { assertEquals, assertRejects } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  type LabelledGraph,
  openOgbGraphs,
  sampleUrl,
  writeOgbGraphs,
} from "../../datasets/mod.ts";

const graph = (n: number, ends: [number, number][], label: number): LabelledGraph => ({
  nodes: { shape: [n, 2], data: Int32Array.from({ length: 2 * n }, (_, i) => i) },
  edges: { shape: [ends.length, 1], data: Int32Array.from(ends, (_, i) => i + 1) },
  senders: Int32Array.from(ends, ([s]) => s),
  receivers: Int32Array.from(ends, ([, r]) => r),
  label,
});

const GRAPHS = [graph(3, [[0, 1], [1, 2]], 1), graph(1, [], 0), graph(2, [[1, 0]], 1)];
const SPLITS = { train: [0, 2], valid: [1], test: [] };

async function withFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeOgbGraphs(folder, { graphs: GRAPHS, splits: SPLITS });
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openOgbGraphs() gives what writeOgbGraphs() was given", async () => {
  await withFolder(async (folder) => {
    const read = await openOgbGraphs(folder, { addInverseEdges: false });
    assertEquals(read, { graphs: GRAPHS, splits: SPLITS });
  });
});

Deno.test("openOgbGraphs() adds the other direction after each edge", async () => {
  await withFolder(async (folder) => {
    const { graphs: [first] } = await openOgbGraphs(folder);
    assertEquals([...first!.senders], [0, 1, 1, 2]);
    assertEquals([...first!.receivers], [1, 0, 2, 1]);
    assertEquals([...first!.edges.data], [1, 1, 2, 2]);
  });
});

Deno.test("openOgbGraphs() names a missing file, and a split that is not there", async () => {
  await withFolder(async (folder) => {
    await assertRejects(
      () => openOgbGraphs(folder, { split: "random" }),
      DataNotFoundError,
      "split/random/train.csv.gz",
    );
  });
});

Deno.test("openOgbGraphs() refuses tables that are damaged or do not add up", async () => {
  const gzip = async (text: string): Promise<Uint8Array> =>
    await new Response(
      new Response(text).body!.pipeThrough(new CompressionStream("gzip")),
    ).bytes();
  for (
    const [name, bytes, message] of [
      ["edge", new Uint8Array([1, 2, 3]), "a whole gzip file"],
      ["num-node-list", await gzip("3\n1\n5\n"), "the graphs have 9, the table has 6"],
      ["node-feat", await gzip("0,1\nx,2\n"), 'expected a number in row 1 at byte 4, got "x"'],
    ] as const
  ) {
    await withFolder(async (folder) => {
      await Deno.writeFile(`${folder}/raw/${name}.csv.gz`, bytes);
      await assertRejects(() => openOgbGraphs(folder), DataFormatError, message);
    });
  }
});

Deno.test("the sample of molecules has both classes in all splits", async () => {
  const { graphs, splits } = await openOgbGraphs(sampleUrl("molecules_clogp"));
  for (const places of Object.values(splits)) {
    assertEquals(new Set(places.map((i) => graphs[i]!.label)), new Set([0, 1]));
  }
});
