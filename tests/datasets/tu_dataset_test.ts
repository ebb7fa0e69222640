import { assertEquals, assertRejects } from "@std/assert";
import { zip } from "../../datasets/formats/zip.ts";
import {
  DataFormatError,
  DataNotFoundError,
  openTuDataset,
  tuDataset,
} from "../../datasets/mod.ts";
import expected from "../golden/graphs/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { nested, withServer } from "./support.ts";

const FOLDER = new URL("../golden/graphs/tu", import.meta.url);

for (const name of ["KINDS", "REAL"] as const) {
  Deno.test(`openTuDataset() reads ${name} as NumPy does`, async () => {
    const graphs = await openTuDataset(FOLDER, name);
    assertEquals(
      graphs.map((graph) => ({
        num_nodes: graph.numNodes,
        edge_index: [[...graph.senders], [...graph.receivers]],
        label: graph.label === null ? null : [graph.label],
        targets: graph.targets && [...graph.targets],
        node_labels: nested(graph.nodeLabels),
        node_attributes: nested(graph.nodeAttributes),
        edge_labels: nested(graph.edgeLabels),
        edge_attributes: nested(graph.edgeAttributes),
      })) as unknown,
      expected.tu[name],
    );
  });
}

/** A set of two graphs, with some of its files replaced. */
async function write(folder: string, files: Record<string, string | null>): Promise<void> {
  const whole: Record<string, string | null> = {
    A: "1, 2\n2, 1\n3, 4\n",
    graph_indicator: "1\n1\n2\n2\n",
    graph_labels: "1\n-1\n",
    ...files,
  };
  for (const [part, text] of Object.entries(whole)) {
    if (text !== null) await Deno.writeTextFile(`${folder}/T_${part}.txt`, text);
  }
}

Deno.test("graphs without nodes and without edges keep their places", () =>
  withFolder(async (folder) => {
    await write(folder, {
      A: "4, 5\n",
      graph_indicator: "1\n2\n2\n4\n4\n",
      graph_labels: "1\n2\n3\n4\n5\n",
    });
    const graphs = await openTuDataset(folder, "T");
    assertEquals(graphs.map(({ numNodes }) => numNodes), [1, 2, 0, 2, 0]);
    assertEquals(graphs.map(({ senders }) => [...senders]), [[], [], [], [0], []]);
    assertEquals(graphs.map(({ label }) => label), [1, 2, 3, 4, 5]);
  }));

Deno.test("tables that do not fit each other are refused", () =>
  withFolder(async (folder) => {
    const cases: [Record<string, string>, string][] = [
      [
        { A: "2, 3\n" },
        "T_A.txt as a table of TUDataset: expected two nodes of one graph, got 2 and 3 in row 0 at byte 0",
      ],
      [
        { A: "1, 9\n" },
        "T_A.txt as a table of TUDataset: expected two nodes of one graph, got 1 and 9 in row 0 at byte 0",
      ],
      [
        { A: "0, 1\n" },
        "T_A.txt as a table of TUDataset: expected two nodes of one graph, got 0 and 1 in row 0 at byte 0",
      ],
      [{ A: "1\n2\n" }, "expected rows of 2 fields, got 1 in row 0 at byte 0"],
      [
        { graph_indicator: "1\n2\n1\n2\n" },
        "expected graphs from 1 to 2 in their order, got 1 in row 2 at byte 4",
      ],
      [
        { graph_indicator: "1\n1\n2\n3\n" },
        "expected graphs from 1 to 2 in their order, got 3 in row 3 at byte 6",
      ],
      [
        { graph_labels: "1\n" },
        "expected graphs from 1 to 1 in their order, got 2 in row 2 at byte 4",
      ],
      [
        { node_labels: "1\n2\n" },
        "T_node_labels.txt as a table of TUDataset: expected 4 rows, got 2, in row 2 at byte 4",
      ],
      [
        { edge_attributes: "1\n2\n" },
        "edge_attributes.txt as a table of TUDataset: expected 3 rows, got 2, in row 2 at byte 4",
      ],
      [{ node_labels: "1\nx\n1\n1\n" }, 'expected a number in row 1 at byte 2, got "x"'],
    ];
    for (const [files, message] of cases) {
      const own = await Deno.makeTempDir({ dir: folder });
      await write(own, files);
      await assertRejects(() => openTuDataset(own, "T"), DataFormatError, message);
    }
    const other = () => openTuDataset(folder);
    await assertRejects(other, DataNotFoundError, "(give the name that the files begin with)");
  }));

Deno.test("tuDataset() downloads, unpacks and opens", async () => {
  const names = ["A", "graph_indicator", "graph_labels", "node_labels"];
  const inputs = await Promise.all(names.map(async (part) => ({
    name: `KINDS/KINDS_${part}.txt`,
    bytes: await Deno.readFile(new URL(`tu/KINDS_${part}.txt`, FOLDER)),
  })));
  const archive = await new Blob(await Array.fromAsync(zip(inputs, true))).bytes();
  let requests = 0;
  await withServer(
    () => (requests++, new Response(archive)),
    (base) =>
      withFolder(async (folder) => {
        for (let call = 0; call < 2; call++) {
          const graphs = await tuDataset("KINDS", { base, folder });
          assertEquals(graphs, await openTuDataset(FOLDER, "KINDS"));
        }
        assertEquals(requests, 1);
      }),
  );
  await assertRejects(
    () => tuDataset("../MUTAG"),
    RangeError,
    "Cannot download ../MUTAG of TUDataset",
  );
});
