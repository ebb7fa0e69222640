import { assertEquals, assertRejects } from "@std/assert";
import {
  type Citations,
  citations,
  type CitationsName,
  DataFormatError,
  DataNotFoundError,
  openCitations,
} from "../../datasets/mod.ts";
import expected from "../golden/graphs/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { concat, textBytes, withServer } from "./support.ts";

const FOLDER = new URL("../golden/graphs/papers", import.meta.url);

function citesOf({ names, senders, receivers }: Citations): string[][] {
  return Array.from(senders, (sender, e) => [names[sender]!, names[receivers[e]!]!]);
}

Deno.test("openCitations() reads papers and citations as pandas does", async () => {
  const found = await openCitations(FOLDER);
  const golden = expected.citations;
  assertEquals(found.names, golden.names);
  assertEquals(found.features.shape, [12, 6]);
  assertEquals([...found.features.data], golden.features.flat());
  assertEquals([...found.labels].map((label) => found.classes[label]!), golden.topics);
  assertEquals([citesOf(found), found.numDropped], [golden.cites, golden.dropped]);
});

Deno.test("openCitations() reads Pubmed's form", async () => {
  const found = await openCitations(FOLDER, "tab");
  const golden = expected.citations;
  assertEquals([found.names, found.classes], [golden.names, ["1", "2", "3"]]);
  const weights = golden.features.map((words) => words.map((has, word) => has && 0.125 * word));
  assertEquals([...found.features.data], weights.flat());
  assertEquals([citesOf(found), found.numDropped], [golden.cites, golden.dropped]);
});

Deno.test("lines that are no papers and no citations are refused by number and byte", () =>
  withFolder(async (folder) => {
    const content = "a\t1\tX\nb\t0\tY\n";
    const cases: [string, string, string][] = [
      ["a\t1\tX\nb\t0\t1\tY\n", "", "a name, 1 numbers and a topic in line 1 at byte 6"],
      ["a\t1\tX\na\t0\tY\n", "", "each paper once, a twice in line 1 at byte 6"],
      ["a\tone\tX\n", "", 'numbers, one of which is "one" in line 0 at byte 0'],
      [content, "a b c\n", "the cited and the citing paper in line 0 at byte 0"],
      [content, "a\tb\na\n", "the cited and the citing paper in line 1 at byte 4"],
    ];
    for (const [papers, cites, message] of cases) {
      await Deno.writeTextFile(`${folder}/t.content`, papers);
      await Deno.writeTextFile(`${folder}/t.cites`, cites);
      await assertRejects(() => openCitations(folder, "t"), DataFormatError, message);
    }
    const other = () => openCitations(folder, "u");
    await assertRejects(other, DataNotFoundError, "u.NODE.paper.tab or u.content");
  }));

/** A file in a TAR archive, by the format's own description. */
function tarEntry(name: string, bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(512);
  const put = (text: string, at: number) => header.set(textBytes(text), at);
  put(name, 0);
  put("0000644\0", 100);
  put(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  put("        ", 148);
  put("0", 156);
  put("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return concat(header, bytes, new Uint8Array((512 - bytes.length % 512) % 512));
}

async function archiveOf(entries: [string, Uint8Array][]): Promise<Uint8Array<ArrayBuffer>> {
  const plain = concat(
    ...entries.map(([name, bytes]) => tarEntry(name, bytes)),
    new Uint8Array(1024),
  );
  const gzip = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(gzip).bytes();
}

Deno.test("citations() downloads, unpacks and opens", async () => {
  const file = (name: string) => Deno.readFile(new URL(`papers/${name}`, FOLDER));
  const archives: Record<string, Uint8Array<ArrayBuffer>> = {
    "/cora.tgz": await archiveOf([
      ["cora/cora.content", await file("papers.content")],
      ["cora/cora.cites", await file("papers.cites")],
    ]),
    "/Pubmed-Diabetes.tgz": await archiveOf([
      ["Pubmed-Diabetes/._readme", new Uint8Array(3)],
      ["Pubmed-Diabetes/data/Pubmed-Diabetes.NODE.paper.tab", await file("tab.NODE.paper.tab")],
      [
        "Pubmed-Diabetes/data/Pubmed-Diabetes.DIRECTED.cites.tab",
        await file("tab.DIRECTED.cites.tab"),
      ],
    ]),
  };
  await withServer(
    ({ url }) => new Response(archives[new URL(url).pathname]!),
    (base) =>
      withFolder(async (folder) => {
        assertEquals(await citations("cora", { base, folder }), await openCitations(FOLDER));
        assertEquals(
          await citations("pubmed", { base, folder }),
          await openCitations(FOLDER, "tab"),
        );
      }),
  );
  const unknown = () => citations("dblp" as CitationsName);
  await assertRejects(unknown, RangeError, "expected one of cora, citeseer, pubmed");
});

Deno.test("an archive that is damaged is refused by the byte", async () => {
  const plain = tarEntry("cora/cora.content", textBytes("a\t1\tX\n"));
  const cases: [Uint8Array, string][] = [
    [plain.subarray(0, 514), "expected 6 bytes of cora/cora.content at byte 0, got its end"],
    [plain.with(3, 7), "the header of a file, and its checksum at byte 0"],
    [plain.subarray(0, 100), "the header of a file, and its checksum at byte 0"],
  ];
  for (const [bytes, message] of cases) {
    const gzip = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(
      new CompressionStream("gzip"),
    );
    const archive = await new Response(gzip).bytes();
    await withServer(() => new Response(archive), (base) =>
      withFolder(async (folder) => {
        const open = () => citations("cora", { base, folder });
        await assertRejects(open, DataFormatError, message);
      }));
  }
});
