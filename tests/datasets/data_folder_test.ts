import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { dataFolder, localPath, openFile, readText } from "../../datasets/data_folder.ts";
import { DataNotFoundError } from "../../datasets/errors.ts";
import { DataFormatError } from "../../datasets/formats/data_format_error.ts";
import { encodeTfRecord } from "../../datasets/formats/tfrecord.ts";
import { openMeshGraphNets } from "../../datasets/mesh_graph_nets.ts";
import { readTfRecords } from "../../datasets/tf_records.ts";
import { withFolder } from "../support/folder.ts";
import { collect, concat, goldenUrl, randomBytes, seeded, withServer } from "./support.ts";

const RECORD = encodeTfRecord(new Uint8Array(200_000));
const FILE = concat(RECORD, RECORD);

/** A body that gives some bytes and then breaks off. */
function cutBody(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(bytes);
      // The bytes are to leave before the connection breaks.
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.error(new Error("the server breaks off"));
    },
  });
}

/** A server below HTTP: it answers each connection with these bytes, then closes it. */
async function withRawServer(answer: Uint8Array, run: (address: string) => Promise<void>) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      for (let sent = 0; sent < answer.length;) {
        sent += await connection.write(answer.subarray(sent));
      }
      connection.close();
    }
  })();
  await run(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
  listener.close();
  await serving;
}

async function readError(address: string): Promise<DataFormatError> {
  const found: number[] = [];
  const read = async () => {
    for await (const { index } of readTfRecords(`${address}/a.tfrecord`)) found.push(index);
  };
  const error = await assertRejects(read, DataFormatError);
  assertEquals(found, [0]);
  assertStringIncludes(
    error.message,
    `${address}/a.tfrecord as TFRecord: in record 1 at byte 200016`,
  );
  return error;
}

Deno.test("a body cut by the server is an error with record and byte", async () => {
  const cut = FILE.subarray(0, 300_000);
  await withServer(() => new Response(cutBody(cut)), async (address) => {
    assertStringIncludes((await readError(address)).message, "the transfer was cut: try again");
  });
});

Deno.test("a body shorter than its announced length is an error with record and byte", async () => {
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${FILE.length}\r\nconnection: close\r\n\r\n`;
  for (const length of [300_000, RECORD.length]) {
    const answer = concat(new TextEncoder().encode(head), FILE.subarray(0, length));
    await withRawServer(answer, async (address) => {
      assertStringIncludes((await readError(address)).message, "reading failed after byte 2000");
    });
  }
});

Deno.test("a body of unknown length that ends within a record is an error", async () => {
  const head = "HTTP/1.0 200 OK\r\nconnection: close\r\n\r\n";
  const answer = concat(new TextEncoder().encode(head), FILE.subarray(0, 300_000));
  await withRawServer(answer, async (address) => {
    assertStringIncludes((await readError(address)).message, "it is truncated");
  });
});

Deno.test("a compressed body is read whole", async () => {
  const gzip = () => new Blob([FILE]).stream().pipeThrough(new CompressionStream("gzip"));
  const headers = { "content-encoding": "gzip" };
  await withServer(() => new Response(gzip(), { headers }), async (address) => {
    assertEquals((await collect(readTfRecords(`${address}/a.tfrecord`))).length, 2);
  });
});

Deno.test("a meta.json that is cut is an error with its address", async () => {
  await withServer(() => new Response(cutBody(new Uint8Array([123]))), async (address) => {
    const open = () => openMeshGraphNets(address, "train");
    await assertRejects(open, DataFormatError, `${address}/meta.json as MeshGraphNets metadata`);
  });
});

Deno.test("a server that fails or cannot be reached is an error with address and remedy", async () => {
  let closed = "";
  await withServer(() => new Response("busy", { status: 503 }), async (address) => {
    closed = address;
    const open = () => openMeshGraphNets(address, "train");
    await assertRejects(
      open,
      DataNotFoundError,
      "meta.json as a data file: the server answered 503",
    );
  });
  const open = () => openMeshGraphNets(closed, "train");
  const error = await assertRejects(open, DataNotFoundError, `Cannot fetch ${closed}/meta.json`);
  assertStringIncludes(error.message, "download the folder and give its path");
});

Deno.test("storage buckets' 403 means that there is no such file", async () => {
  await withServer(() => new Response("denied", { status: 403 }), async (address) => {
    assertEquals(await openFile(`${address}/a`), null);
    assertEquals(await dataFolder(address).has("a"), false);
  });
});

Deno.test("dataFolder() joins paths and addresses to the names of files", () => {
  const cases: [string | URL, string, string][] = [
    ["data/flow", "data/flow", "data/flow/a.json"],
    ["data/flow//", "data/flow", "data/flow/a.json"],
    ["", ".", "./a.json"],
    ["/", "/", "/a.json"],
    ["C:\\data\\", "C:\\data", "C:\\data/a.json"],
    ["file:///data/with%20space/", "/data/with space", "/data/with space/a.json"],
    ["https://x.org/sets/", "https://x.org/sets", "https://x.org/sets/a.json"],
    [new URL("https://x.org/s?t=1"), "https://x.org/s", "https://x.org/s/a.json?t=1"],
  ];
  for (const [given, name, path] of cases) {
    const folder = dataFolder(given);
    assertEquals([folder.name, folder.pathOf("a.json")], [name, path]);
  }
  assertThrows(() => dataFolder("s3://bucket/a"), TypeError, "address, got s3:");
});

Deno.test("localPath() gives paths of this machine only", () => {
  assertEquals(localPath("a/b"), "a/b");
  assertEquals(localPath(new URL("file:///a%20b")), "/a b");
  assertThrows(() => localPath("https://x.org/a"), TypeError, "got https:");
});

Deno.test("openFile() gives the size and the bytes of a local file", async () => {
  const file = (await openFile(goldenUrl("varlen/meta.json")))!;
  assertEquals(JSON.parse(await readText(file)).trajectory_length, 4);
  assertEquals(file.size, (await Deno.stat(goldenUrl("varlen/meta.json"))).size);
});

Deno.test("a folder in place of a file is an error with its name", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a.tfrecord`);
    const read = () => collect(readTfRecords(`${folder}/a.tfrecord`));
    await assertRejects(read, DataFormatError, `${folder}/a.tfrecord as TFRecord: in record 0`);
  }));

Deno.test("chunks of a local file are good until the next is asked for, and can be left", () =>
  withFolder(async (folder) => {
    const bytes = randomBytes(1_000_000, seeded(3));
    await Deno.writeFile(`${folder}/a`, bytes);
    const parts: Uint8Array[] = [];
    for await (const chunk of (await openFile(`${folder}/a`))!.chunks) {
      // The device computes, and the next chunk is read meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 2));
      parts.push(chunk.slice());
    }
    assertEquals(concat(...parts), bytes);
    for await (const _ of (await openFile(`${folder}/a`))!.chunks) break;
  }));
