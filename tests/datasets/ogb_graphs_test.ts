import { assertEquals, assertRejects } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  type LabelledGraph,
  openOgbGraphs,
  sampleUrl,
  writeOgbGraphs,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";

const graph = (n: number, ends: [number, number][], label: number): LabelledGraph => ({
  nodes: { shape: [n, 2], data: Int32Array.from({ length: 2 * n }, (_, i) => i) },
  edges: { shape: [ends.length, 1], data: Int32Array.from(ends, (_, i) => i + 1) },
  senders: Int32Array.from(ends, ([s]) => s),
  receivers: Int32Array.from(ends, ([, r]) => r),
  label,
});

const GRAPHS = [graph(3, [[0, 1], [1, 2]], 1), graph(1, [], 0), graph(2, [[1, 0]], 1)];
const SPLITS = { train: [0, 2], valid: [1], test: [] };

/** Runs something with a folder that holds the graphs. */
const withGraphs = (fn: (folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    await writeOgbGraphs(folder, { graphs: GRAPHS, splits: SPLITS });
    await fn(folder);
  });

Deno.test("openOgbGraphs() gives what writeOgbGraphs() was given", async () => {
  await withGraphs(async (folder) => {
    const read = await openOgbGraphs(folder, { addInverseEdges: false });
    assertEquals(read, { graphs: GRAPHS, splits: SPLITS });
  });
});

Deno.test("openOgbGraphs() adds the other direction after each edge", async () => {
  await withGraphs(async (folder) => {
    const { graphs: [first] } = await openOgbGraphs(folder);
    assertEquals([...first!.senders], [0, 1, 1, 2]);
    assertEquals([...first!.receivers], [1, 0, 2, 1]);
    assertEquals([...first!.edges.data], [1, 1, 2, 2]);
  });
});

Deno.test("openOgbGraphs() names a missing file, and a split that is not there", async () => {
  await withGraphs(async (folder) => {
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
      [
        "num-node-list",
        await gzip("3\n1\n5\n"),
        "raw/node-feat.csv.gz as a table in OGB's layout: expected 9 rows, as the sizes of the graphs say, got 6, in row 6 at byte 24",
      ],
      ["node-feat", await gzip("0,1\nx,2\n"), 'expected a number in row 1 at byte 4, got "x"'],
      [
        "num-node-list",
        await gzip("-1\n2\n5\n"),
        "raw/num-node-list.csv.gz as a table in OGB's layout: expected a count, got -1 in row 0 at byte 0",
      ],
      [
        "num-edge-list",
        await gzip("1.5\n1.5\n"),
        'a whole number of 32 bits in row 0 at byte 0, got "1.5"',
      ],
      ["node-feat", await gzip("0,1\n2\n"), "row 1"],
      ["node-feat", await gzip("0,1\n2,\n"), "row 1"],
      [
        "split/scaffold/train",
        await gzip("0\n99\n"),
        "expected places from 0 to 2, got 99 in row 1 at byte 2",
      ],
    ] as const
  ) {
    await withGraphs(async (folder) => {
      await Deno.writeFile(`${folder}/${name.includes("/") ? name : `raw/${name}`}.csv.gz`, bytes);
      await assertRejects(() => openOgbGraphs(folder), DataFormatError, message);
    });
  }
});

Deno.test("openOgbGraphs() refuses edges to nodes that there are not", async () => {
  const pair = {
    nodes: { shape: [2, 1], data: Int32Array.of(6, 8) },
    edges: { shape: [1, 1], data: Int32Array.of(3) },
    senders: Int32Array.of(0),
    receivers: Int32Array.of(1),
    label: NaN,
  };
  const splits = { train: [0], valid: [], test: [] };
  const folder = await Deno.makeTempDir();
  try {
    await writeOgbGraphs(folder, { graphs: [pair], splits });
    assertEquals((await openOgbGraphs(folder)).graphs[0]!.label, NaN);
    for (const receiver of [-1, 2]) {
      const graphs = [{ ...pair, receivers: Int32Array.of(receiver) }];
      await writeOgbGraphs(folder, { graphs, splits });
      await assertRejects(
        () => openOgbGraphs(folder),
        DataFormatError,
        `expected nodes from 0 to 1 as the ends of an edge, got ${receiver} in row 0 at byte 0`,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the sample of molecules has both classes in all splits", async () => {
  const { graphs, splits } = await openOgbGraphs(sampleUrl("molecules_clogp"));
  for (const places of Object.values(splits)) {
    assertEquals(new Set(places.map((i) => graphs[i]!.label)), new Set([0, 1]));
  }
});
