import { assert, assertEquals, assertRejects } from "@std/assert";
import { zip } from "../../datasets/formats/zip.ts";
import {
  DataFormatError,
  DataNotFoundError,
  ogbGraphPropPred,
  type OgbGraphsName,
  ogbNodePropPred,
  type OgbNodesName,
  openOgbGraphs,
  openOgbNodes,
} from "../../datasets/mod.ts";
import expected from "../golden/ogb/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { nested, seeded, withServer } from "./support.ts";

const FOLDER = new URL("../golden/ogb/", import.meta.url);

function folderOf(name: string): URL {
  return new URL(name, FOLDER);
}

/** Labels with null for what is not known. */
function known(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => Number.isNaN(value) ? null : value);
}

Deno.test("openOgbGraphs() reads molecules of several tasks as OGB's reader does", async () => {
  const { graphs } = await openOgbGraphs(folderOf("molecules"));
  const { graphs: golden, labels } = expected.molecules;
  assertEquals(
    graphs.map(({ nodes, edges, senders, receivers }) => ({
      edge_index: [[...senders], [...receivers]],
      edge_feat: nested(edges),
      node_feat: nested(nodes),
      num_nodes: nodes.shape[0]!,
    })),
    golden,
  );
  assertEquals(graphs.map((graph) => known(graph.labels!)), labels);
  assertEquals(known(graphs.map(({ label }) => label)), labels.map(([first]) => first!));
});

Deno.test("openOgbNodes() reads one large graph as OGB's reader does", async () => {
  const cases = [["arxiv", "time", false], ["proteins", "species", true]] as const;
  for (const [name, split, addInverseEdges] of cases) {
    const graph = await openOgbNodes(folderOf(name), { split, addInverseEdges });
    const { graphs: [golden], labels } = expected[name];
    assertEquals([[...graph.senders], [...graph.receivers]], golden!.edge_index);
    const rounded = (rows: number[][] | null) => rows?.map((row) => row.map(Math.fround)) ?? null;
    assertEquals(nested(graph.nodes), rounded(golden!.node_feat));
    assertEquals(nested(graph.edges), rounded(golden!.edge_feat));
    assertEquals([graph.numNodes, nested(graph.labels)], [golden!.num_nodes, labels]);
    const { train, valid, test } = graph.splits;
    const places = [...train, ...valid, ...test].sort((a, b) => a - b);
    assertEquals(places, Array.from({ length: graph.numNodes }, (_, i) => i));
  }
});

Deno.test("openOgbNodes() reads years and species of nodes, by the old name too", async () => {
  const { extras: { node_year: years } } = await openOgbNodes(folderOf("arxiv"), { split: "time" });
  assertEquals(years!.shape, [40, 1]);
  assert(years!.data.every((year) => year >= 1950 && year < 2050));
  const proteins = await openOgbNodes(folderOf("proteins"), { split: "species" });
  assertEquals(Object.keys(proteins.extras), ["node_species"]);
});

async function writeTable(path: string, text: string): Promise<void> {
  const gzip = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(path, gzip);
}

async function copyFolder(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const url = new URL(`${from.pathname.split("/").at(-1)}/${name}`, from);
    if (isDirectory) await copyFolder(url, `${to}/${name}`);
    else await Deno.copyFile(url, `${to}/${name}`);
  }
}

Deno.test("tables of many chunks are read as they were written", () =>
  withFolder(async (folder) => {
    await copyFolder(folderOf("arxiv"), folder);
    // More than a file's buffer holds, and random, so that gzip does not make it smaller than that.
    const random = seeded(8);
    const count = 200_000;
    const ends = Int32Array.from({ length: 2 * count }, () => random() * 40);
    const rows = Array.from({ length: count }, (_, e) => `${ends[2 * e]},${ends[2 * e + 1]}\n`);
    await writeTable(`${folder}/raw/edge.csv.gz`, rows.join(""));
    await writeTable(`${folder}/raw/num-edge-list.csv.gz`, `${count}\n`);
    assert((await Deno.stat(`${folder}/raw/edge.csv.gz`)).size > 2 ** 18);
    const { senders, receivers } = await openOgbNodes(folder, { split: "time" });
    assertEquals(senders, Int32Array.from({ length: count }, (_, e) => ends[2 * e]!));
    assertEquals(receivers, Int32Array.from({ length: count }, (_, e) => ends[2 * e + 1]!));
  }));

Deno.test("tables that do not fit each other are refused by their names", () =>
  withFolder(async (folder) => {
    const cases: [string, string, string][] = [
      [
        "raw/edge",
        "0,1\n",
        "expected 90 rows, as the sizes of the graphs say, got 1, in row 1 at byte 4",
      ],
      ["raw/edge", "0,1\n\n".repeat(89) + "0,40", "got 40 in row 89 at byte 445"],
      ["raw/edge", "0,1,2\n".repeat(90), "expected the two ends of an edge, got 3 in row 0"],
      [
        "raw/edge",
        "0,1\n1\n",
        "expected 2 fields, as in the rows before in row 1 at byte 4, got 1",
      ],
      ["raw/edge", "0,x\n", 'expected a number in row 0 at byte 2, got "x"'],
      ["raw/edge", "0,1.5\n", 'expected a whole number of 32 bits in row 0 at byte 2, got "1.5"'],
      [
        "raw/node-label",
        "1\n",
        "raw/node-label.csv.gz as a table in OGB's layout: expected 40 rows",
      ],
      ["raw/num-node-list", "40\n3\n", "expected the one count of one graph, got 2 rows or fields"],
      [
        "split/time/valid",
        "40\n",
        "split/time/valid.csv.gz as a table in OGB's layout: expected places from 0 to 39, got 40 in row 0 at byte 0",
      ],
    ];
    for (const [name, text, message] of cases) {
      await copyFolder(folderOf("arxiv"), folder);
      await writeTable(`${folder}/${name}.csv.gz`, text);
      const open = () => openOgbNodes(folder, { split: "time" });
      await assertRejects(open, DataFormatError, message);
    }
    const absent = () => openOgbNodes(folder, { split: "place" });
    await assertRejects(absent, DataNotFoundError, "split/place/train.csv.gz");
    await Deno.remove(`${folder}/raw/edge.csv.gz`);
    await assertRejects(absent, DataNotFoundError, "a file is missing: ");
  }));

/** An archive of a golden folder, as OGB's are. */
async function archiveOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const inputs: { name: string; bytes: Uint8Array }[] = [];
  const add = async (url: URL, path: string): Promise<void> => {
    for await (const entry of Deno.readDir(url)) {
      const child = new URL(`${url.pathname.split("/").at(-1)}/${entry.name}`, url);
      if (entry.isDirectory) await add(child, `${path}/${entry.name}`);
      else inputs.push({ name: `${path}/${entry.name}`, bytes: await Deno.readFile(child) });
    }
  };
  await add(folderOf(name), name);
  return await new Blob(await Array.fromAsync(zip(inputs))).bytes();
}

Deno.test("ogbNodePropPred() and ogbGraphPropPred() download, unpack and open", async () => {
  const archives = { arxiv: await archiveOf("arxiv"), lipophilicity: await archiveOf("molecules") };
  const paths: string[] = [];
  const serve = ({ url }: Request): Response => {
    const file = new URL(url).pathname.slice(1);
    paths.push(file);
    const archive = archives[file.replace(".zip", "") as keyof typeof archives];
    return new Response(archive ?? null, { status: archive ? 200 : 404 });
  };
  await withServer(serve, (base) =>
    withFolder(async (folder) => {
      for (let call = 0; call < 2; call++) {
        assertEquals((await ogbNodePropPred("ogbn-arxiv", { base, folder })).numNodes, 40);
        assertEquals((await ogbGraphPropPred("ogbg-mollipo", { base, folder })).graphs.length, 20);
      }
      assertEquals(paths, ["arxiv.zip", "lipophilicity.zip"]);
      const absent = () => ogbGraphPropPred("ogbg-molhiv", { base, folder });
      await assertRejects(absent, DataNotFoundError, `put the file at ${folder}/hiv.zip by hand`);
    }));
  for (
    const unknown of [
      () => ogbNodePropPred("ogbn-mag" as OgbNodesName),
      () => ogbGraphPropPred("hiv" as OgbGraphsName),
    ]
  ) {
    await assertRejects(unknown, RangeError, "expected one of ogb");
  }
});
