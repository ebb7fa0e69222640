import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  lesMiserables,
  parseEdgeList,
  parseNodeLink,
  parseXyz,
  qm9,
  readCsv,
  readEdgeList,
  readNodeLink,
  readXyz,
  sampleUrl,
} from "../../datasets/mod.ts";
import expected from "../golden/graphs/expected.json" with { type: "json" };
import { textBytes } from "./support.ts";

const FOLDER = new URL("../golden/graphs/", import.meta.url);

const sorted = <T>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

Deno.test("readEdgeList() reads what networkx reads", async () => {
  for (const file of ["plain.edges", "weighted.csv"] as const) {
    const { names, senders, receivers, weights } = await readEdgeList(new URL(file, FOLDER));
    const edges = Array.from(senders, (sender, e) => [
      names[sender]!,
      names[receivers[e]!]!,
      ...(weights ? [weights[e]!] : []),
    ]);
    assertEquals(sorted(edges), sorted(expected.edge_lists[file] as (string | number)[][]));
  }
});

Deno.test("parseEdgeList() numbers nodes by their numbers, else as they come", () => {
  const { names, senders } = parseEdgeList(textBytes("10 2\n2\t30\n"));
  assertEquals([names, [...senders]], [["2", "10", "30"], [1, 0]]);
  assertEquals(parseEdgeList(textBytes("b a\r\na c")).names, ["b", "a", "c"]);
  // 007 and 7 are two names.
  assertEquals(parseEdgeList(textBytes("9 007\n7 9\n")).names, ["9", "007", "7"]);
  assertEquals(parseEdgeList(textBytes("# nothing\n")).names, []);
});

Deno.test("parseEdgeList() refuses lines by their number and byte", () => {
  const cases: [string, string][] = [
    ["1 2\n3\n", 'two names and perhaps a weight in line 1 at byte 4, got "3"'],
    ["1 2 x\n", "two names and perhaps a weight in line 0"],
    ["1 2 3 4\n", "two names and perhaps a weight in line 0"],
    ["1 2 0.5\n2 3\n", "a weight, as in the lines before in line 1 at byte 8"],
    ["1 2\n2 3 0.5\n", "no weight, as in the lines before in line 1 at byte 4"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseEdgeList(textBytes(text)), DataFormatError, message);
  }
});

Deno.test("readNodeLink() reads what networkx writes, and lesMiserables() the sample", async () => {
  const graph = await readNodeLink(new URL("networkx.json", FOLDER));
  const name = (i: number) => String(graph.nodes[i]!.id);
  const ends = Array.from(graph.senders, (s, e) => [name(s), name(graph.receivers[e]!)]);
  assertEquals([ends, graph.isDirected], [expected.node_links["networkx.json"], true]);
  assertEquals(graph.nodes[0]!.mass, 1.5);
  const { names, groups, senders, receivers, weights } = await lesMiserables();
  assertEquals([names.length, groups.length, names[11]], [77, 77, "Valjean"]);
  const links = Array.from(senders, (s, e) => [s, receivers[e]!, weights[e]!]);
  assertEquals(sorted(links), sorted(expected.node_links["miserables.json"]));
});

Deno.test("parseNodeLink() finds ends by id, by place and by name", () => {
  const ends = (text: string) => {
    const { senders, receivers } = parseNodeLink(text);
    return [...senders, ...receivers];
  };
  assertEquals(ends('{"nodes":[{"id":1},{"id":0}],"links":[{"source":0,"target":1}]}'), [1, 0]);
  assertEquals(ends('{"nodes":[{},{}],"edges":[{"source":0,"target":1}]}'), [0, 1]);
  assertEquals(ends('{"nodes":[{"name":"a"},{}],"links":[{"source":1,"target":"a"}]}'), [1, 0]);
});

Deno.test("parseNodeLink() refuses what is no graph by node and link", () => {
  const cases: [string, string][] = [
    ["{", "expected JSON, got "],
    ["[]", "expected an object with nodes and links, got []"],
    ['{"nodes": []}', "expected a list links or edges, got nothing"],
    ['{"nodes": [1], "links": []}', "expected an object as item 0 of nodes, got 1"],
    ['{"nodes": [{"id":1},{"id":1}], "links": []}', "an id of its own for node 1, got 1"],
    ['{"nodes": [{"id":1},{}], "links": []}', "an id of its own for node 1, got nothing"],
    ['{"nodes": [{}], "links": [{"source":0,"target":1}]}', "a node as target of link 0, got 1"],
    [
      '{"nodes": [{}], "links": [{"source":0.5,"target":0}]}',
      "a node as source of link 0, got 0.5",
    ],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseNodeLink(text, { file: "g.json" }), DataFormatError, message);
  }
  const text = '{"nodes": [{}], "links": [{"source": 0, "target": 1}]}';
  const error = assertThrows(() => parseNodeLink(text, { file: "g.json" }), DataFormatError);
  assertEquals(
    error.message,
    "Cannot read g.json as a graph in JSON: expected a node as target of link 0, got 1 at byte 50 " +
      "(correct the file, or export it again)",
  );
  assertEquals((error as DataFormatError).byteOffset, text.indexOf("1}"));
});

Deno.test("readXyz() reads what ASE reads", async () => {
  const frames = await readXyz(new URL("water.xyz", FOLDER));
  assertEquals(
    frames.map(({ atoms }) => [atoms.map((a) => a.symbol), atoms.map((a) => [...a.position])]),
    expected.molecules["water.xyz"] as unknown[][],
  );
  assertEquals(frames.map(({ comment }) => comment), ["frame 0", "frame 1", "frame 2"]);
});

Deno.test("parseXyz() reads a file of QM9's own, with what is behind the atoms", () => {
  const text =
    "2\ngdb 1\t1.5\nC\t-0.01\t1.0\t2.1*^-6\t-0.5\nH\t0\t1\t2\t0.5\n1341.3\t1341.4\nC\tC\nInChI=1S\n";
  const [molecule] = parseXyz(textBytes(text), { qm9: true });
  assertEquals(molecule!.atoms[0], { symbol: "C", position: [-0.01, 1, 2.1e-6] });
  assertEquals(molecule!.extras, [["-0.5"], ["0.5"]]);
  assertEquals(molecule!.trailer, ["1341.3\t1341.4", "C\tC", "InChI=1S"]);
  assertThrows(() => parseXyz(textBytes(text)), DataFormatError, "a number of atoms that the file");
});

Deno.test("parseXyz() refuses lines by their number and byte", () => {
  const cases: [string, string][] = [
    [
      "2\n\nH 0 0 0\n",
      'atom 1 of 2, a symbol and three numbers in line 4 at byte 11, got "the end',
    ],
    [
      "1\n\nH 0 x 0\n",
      'atom 0 of 1, a symbol and three numbers in line 2 at byte 3, got "H 0 x 0"',
    ],
    ["1\n\n{ 0 0 0\n", "atom 0 of 1, a symbol"],
    [
      "1000000000\n\nH 0 0 0\n",
      'a number of atoms that the file can hold in line 0 at byte 0, got "1',
    ],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseXyz(textBytes(text)), DataFormatError, message);
  }
});

Deno.test("qm9() reads the sample as pandas does", async () => {
  const molecules = await qm9();
  assertEquals(molecules.length, 300);
  const found = molecules.filter((_, i) => i % 3 === 0).map(
    ({ atoms, charges, frequencies, inchi, ...rest }) => {
      assert(inchi.startsWith("InChI=1S/"));
      return {
        ...rest,
        symbols: atoms.map(({ symbol }) => symbol),
        positions: atoms.map(({ position }) => [...position]),
        charges: [...charges],
        frequencies: [...frequencies],
      };
    },
  );
  assertEquals(found as unknown, expected.molecules.qm9);
});

Deno.test("qm9() refuses columns and records by their names", async () => {
  const plain = await new Response(
    (await fetch(sampleUrl("qm9_mini", "qm9.csv.gz"))).body!.pipeThrough(
      new DecompressionStream("gzip"),
    ),
  ).text();
  const cases: [string, string][] = [
    ["", "expected the columns XYZ_file, Index"],
    ["a,b\n1,2\n", "got none XYZ_file"],
    [plain.replace("['C','H'", "['C'"), "expected a list of 5 as Elements in record 1"],
    [plain.replace("1.0858041578", "x"), "expected a list of 5 as XYZ_Ang in record 1"],
    [plain.replace(",5,", ",,"), 'expected a number as N_atoms in record 1 at byte 321, got ""'],
  ];
  for (const [text, message] of cases) {
    await assertRejects(() => qm9(textBytes(text)), DataFormatError, message);
  }
});

Deno.test("readCsv() reads what pandas reads, compressed or not", async () => {
  for (const file of ["table.csv", "table.csv.gz"]) {
    const table = await readCsv(new URL(file, FOLDER));
    const columns = table.columnNames().map((name) => [name, table.array(name)]);
    assertEquals(Object.fromEntries(columns), expected.csv);
  }
  const tabs = await readCsv(textBytes("1\t2\n3\t4\n"), { delimiter: "\t", header: false });
  assertEquals(tabs.array("col1"), [1, 3]);
});

Deno.test("readCsv() refuses records of other lengths, open quotes and long delimiters", async () => {
  const cases: [string, string][] = [
    ["a,b\n1,2\n3\n", "expected 2 fields in record 2 at byte 8, got 1"],
    ["a,b\n1,2,3\n", "expected 2 fields in record 1 at byte 4, got 3"],
    ['a,b\n1,"2\n', "expected a quote that ends the field in record 1 at byte 4, got none"],
    ['a,b\n1,"2"3\n', "expected a quote that ends the field in record 1 at byte 4"],
    ["\n\n", "expected a record at byte 0, got none"],
  ];
  for (const [text, message] of cases) {
    await assertRejects(() => readCsv(textBytes(text)), DataFormatError, message);
  }
  const long = () => readCsv(textBytes("a"), { delimiter: "; " });
  await assertRejects(long, TypeError, 'one character of ASCII: got "; "');
  await assertRejects(() => readCsv("no/such.csv"), DataNotFoundError, "no/such.csv as CSV");
});
