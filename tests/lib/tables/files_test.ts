import { assertEquals, assertRejects } from "@std/assert";
import { table } from "arquero";
import { encodeTable, readTable, toTable, writeTable } from "../../../lib/tables/mod.ts";
import expected from "../../golden/tables/expected.json" with { type: "json" };
import { source } from "../../golden/tables/ours.ts";
import { withFolder } from "../../support/folder.ts";

const GOLDEN = new URL("../../golden/tables/", import.meta.url);

/** Rows as JSON can hold them. */
function describe(rows: readonly object[]): unknown[] {
  const words = (value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value)
      ? { NaN: "nan", Infinity: "inf", "-Infinity": "-inf" }[String(value)]
      : value;
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, words(value)]))
  );
}

for (const format of ["parquet", "arrow", "csv"] as const) {
  Deno.test(`encodeTable() writes as ${format} what pyarrow has read`, async () => {
    const file = await Deno.readFile(new URL(`ours.${format}`, GOLDEN));
    assertEquals(await encodeTable(source(), format), file);
    const { rows, types } = expected[format];
    // Text cannot tell float32 from float64, nor an empty string from none.
    const csv = format === "csv";
    const blank = (row: object): object => ({ ...row, ...(csv ? { name: "", mass: 0 } : {}) });
    assertEquals(rows.map(blank), (describe(source().objects()) as object[]).map(blank));
    if (!csv) {
      assertEquals(types as unknown, {
        ...{ node: "int32", mass: "float", energy: "double", isWall: "bool", name: "string" },
      });
    }
  });
}

for (const format of ["parquet", "arrow"] as const) {
  Deno.test(`readTable() reads ${format} of pyarrow's and our own`, async () => {
    assertEquals((await readTable(new URL(`pyarrow.${format}`, GOLDEN))).objects(), [
      { step: 1, loss: 0.5, name: "x" },
      { step: 2, loss: null, name: "y" },
      { step: 3, loss: 0.25, name: null },
    ]);
    const own = await readTable(new URL(`ours.${format}`, GOLDEN));
    assertEquals(describe(own.objects()), expected[format].rows);
  });

  Deno.test(`readTable() refuses damaged ${format}`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/bad.${format}`;
      const bytes = await encodeTable(source(), format);
      for (const bad of [bytes.slice(0, 40), bytes.slice(60), new Uint8Array(0)]) {
        await Deno.writeFile(path, bad);
        await assertRejects(() => readTable(path), SyntaxError, `bad.${format} as ${format}: exp`);
      }
    }));
}

Deno.test("writeTable() writes the rows that are shown, and empty tables too", () =>
  withFolder(async (folder) => {
    const kept = source().filter((row: { node: number }) => row.node > 0);
    for (const format of ["parquet", "arrow"]) {
      await writeTable(`${folder}/new/kept.${format}`, kept);
      const back = await readTable(`${folder}/new/kept.${format}`);
      assertEquals(back.array("node"), [1, 2]);
    }
    const none = table({ a: [], b: new Int32Array(0) });
    await writeTable(`${folder}/none.parquet`, none);
    assertEquals((await readTable(`${folder}/none.parquet`)).columnNames(), ["a", "b"]);
    await assertRejects(() => writeTable("none.arrow", none), RangeError, "column a has none");
    const nulls = table({ a: [null, null], b: [1, 2] });
    await assertRejects(() => encodeTable(nulls, "arrow"), RangeError, "column a has none");
    await writeTable(`${folder}/nulls.parquet`, nulls);
    assertEquals((await readTable(`${folder}/nulls.parquet`)).array("a"), [null, null]);
    await writeTable(`${folder}/kept.csv`, kept.select("node"));
    assertEquals(await Deno.readTextFile(`${folder}/kept.csv`), "node\n1\n2\n");
  }));

Deno.test("columns of arrays go into arrow alone", async () => {
  const vectors = table({ x: [[1, 2], [3, 4]] });
  assertEquals((await encodeTable(vectors, "arrow")).length > 0, true);
  for (const format of ["parquet", "csv"] as const) {
    await assertRejects(
      () => encodeTable(vectors, format),
      TypeError,
      `Cannot write a table as ${format} as a column has numbers, booleans or strings: x has`,
    );
  }
  await assertRejects(
    () => encodeTable(toTable([{ a: 1 }, { a: "1" }]), "parquet"),
    TypeError,
    "a has",
  );
});

Deno.test("files of tables refuse other names, formats and values", async () => {
  const some = table({ a: [1] });
  await assertRejects(
    () => writeTable("x.txt", some),
    RangeError,
    "Cannot write x.txt as a table as its name says the format: got txt (end it in .csv, .parquet",
  );
  await assertRejects(() => writeTable("x", some), RangeError, "got none");
  await assertRejects(() => readTable("x.csv"), RangeError, "use readCsv of");
  await assertRejects(() => readTable("nowhere.arrow"), Deno.errors.NotFound);
  await assertRejects(() => encodeTable(some, "xls" as never), RangeError, "got xls");
  await assertRejects(() => encodeTable([] as never, "csv"), TypeError, "one of arquero");
});
