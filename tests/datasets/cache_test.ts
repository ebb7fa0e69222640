import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  download,
  type DownloadOptions,
  type DownloadProgress,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";
import { randomBytes, seeded, withServer } from "./support.ts";

const FILE = randomBytes(300_000, seeded(1));
const SHA256 = await sha256(FILE);

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How a server of one file behaves. */
interface Behaviour {
  /** The bytes of a body after which it breaks off; never without. */
  readonly cutAfter?: number;
  readonly ignoresRange?: boolean;
  readonly version?: string;
  readonly file?: Uint8Array<ArrayBuffer>;
  /** Milliseconds before each 50,000 bytes. */
  readonly slow?: number;
}

/** Answers one request, Range included. */
function answer(
  request: Request,
  { cutAfter = Infinity, ignoresRange, version, file = FILE, slow = 0 }: Behaviour,
): Response {
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "") ?? [];
  const ifRange = request.headers.get("if-range");
  const isPart = from !== undefined && !ignoresRange && (!ifRange || ifRange === version);
  const start = isPart ? Number(from) : 0;
  if (start >= file.length) return new Response(null, { status: 416 });
  let at = start;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, slow));
      const end = Math.min(at + 50_000, file.length, start + cutAfter);
      if (end > at) controller.enqueue(file.slice(at, end));
      at = end;
      if (at === file.length) return controller.close();
      if (at < start + cutAfter) return;
      // The bytes are to leave before the connection breaks.
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.error(new Error("the server breaks off"));
    },
  });
  const headers = new Headers({ "content-length": `${file.length - start}` });
  if (version) headers.set("etag", version);
  if (isPart) headers.set("content-range", `bytes ${start}-${file.length - 1}/${file.length}`);
  return new Response(body, { status: isPart ? 206 : 200, headers });
}

/**
 * Runs with a server that behaves in a way of its own for each request, the last one ever after.
 */
async function withBehaviour(
  behaviours: readonly Behaviour[],
  run: (
    context: { url: string; folder: string; path: string; ranges: (string | null)[] },
  ) => Promise<void>,
): Promise<void> {
  const ranges: (string | null)[] = [];
  const serve = (request: Request): Response => {
    const behaviour = behaviours[Math.min(ranges.length, behaviours.length - 1)]!;
    ranges.push(request.headers.get("range"));
    return answer(request, behaviour);
  };
  await withServer(serve, (address) =>
    withFolder(async (folder) => {
      await run({ url: `${address}/sets/a.bin`, folder, path: `${folder}/a.bin`, ranges });
    }));
}

/** The names in a folder, but for the lock. */
async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).filter((name) => !name.endsWith(".lock")).sort();
}

Deno.test("download() brings a file once, and records its size and hash", () =>
  withBehaviour([{}], async ({ url, folder, path, ranges }) => {
    assertEquals(await download(url, { folder }), path);
    assertEquals(await Deno.readFile(path), FILE);
    assertEquals(await names(folder), ["a.bin", "a.bin.json"]);
    const { size, sha256: hash } = JSON.parse(await Deno.readTextFile(`${path}.json`));
    assertEquals([size, hash], [FILE.length, SHA256]);
    assertEquals(await download(url, { folder, sha256: SHA256.toUpperCase() }), path);
    assertEquals(ranges, [null]);
  }));

Deno.test("download() goes on where the connection was cut", () =>
  withBehaviour([{ cutAfter: 100_000 }, { cutAfter: 150_000 }, {}], async (context) => {
    const { url, folder, path, ranges } = context;
    await download(url, { folder });
    assertEquals(await Deno.readFile(path), FILE);
    assertEquals(ranges, [null, "bytes=100000-", "bytes=250000-"]);
  }));

Deno.test("a later call goes on where an earlier one gave up", () =>
  withBehaviour([{ cutAfter: 100_000 }, ...Array(3).fill({ cutAfter: 0 }), {}], async (context) => {
    const { url, folder, path, ranges } = context;
    const error = await assertRejects(() => download(url, { folder }), DataNotFoundError);
    assertStringIncludes(error.message, `Cannot fetch ${url} as a data file: `);
    assertStringIncludes(error.message, `or put the file at ${path} by hand`);
    assertEquals(await names(folder), ["a.bin.part", "a.bin.part.json"]);
    await download(url, { folder });
    assertEquals(await Deno.readFile(path), FILE);
    assertEquals(ranges, [null, ...Array(4).fill("bytes=100000-")]);
  }));

Deno.test("download() begins anew where the server ignores ranges", () =>
  withBehaviour([{ cutAfter: 100_000 }, { ignoresRange: true }], async ({ url, folder, path }) => {
    await download(url, { folder });
    assertEquals(await Deno.readFile(path), FILE);
  }));

Deno.test("download() gives up on a server that always cuts at the same byte", () =>
  withBehaviour([{ cutAfter: 100_000, ignoresRange: true }], async ({ url, folder, ranges }) => {
    await assertRejects(() => download(url, { folder }), DataNotFoundError);
    assertEquals(ranges.length, 4);
  }));

Deno.test("download() does not join parts of two versions", async () => {
  const other = randomBytes(300_000, seeded(2));
  const versions: [Behaviour, Behaviour][] = [
    [{ cutAfter: 100_000, version: '"one"' }, { version: '"two"', file: other }],
    // Without a version the length must be the same.
    [{ cutAfter: 100_000 }, { file: other.slice(0, 200_000) }],
  ];
  for (const [first, second] of versions) {
    await withBehaviour([first, second], async ({ url, folder, path }) => {
      await download(url, { folder });
      assertEquals(await Deno.readFile(path), second.file);
    });
  }
});

Deno.test("a part that is complete already is not fetched again", () =>
  withBehaviour([{}], async ({ url, folder, path }) => {
    await Deno.writeFile(`${path}.part`, FILE);
    const record = { url, version: null, total: FILE.length };
    await Deno.writeTextFile(`${path}.part.json`, JSON.stringify(record));
    await download(url, { folder });
    assertEquals(await Deno.readFile(path), FILE);
  }));

Deno.test("a part without a record, or with a damaged one, is fetched anew", async () => {
  for (const record of [null, '{"url": "ht']) {
    await withBehaviour([{}], async ({ url, folder, path, ranges }) => {
      await Deno.writeFile(`${path}.part`, new Uint8Array(400_000));
      if (record) await Deno.writeTextFile(`${path}.part.json`, record);
      await download(url, { folder });
      assertEquals(await Deno.readFile(path), FILE);
      assertEquals(ranges, [null]);
    });
  }
});

Deno.test("a file that is not what was asked for is refused, and fetched again the next time", () => {
  const corrupt = FILE.slice();
  corrupt[1234]! ^= 1;
  return withBehaviour([{ file: corrupt }, {}], async ({ url, folder, path }) => {
    const error = await assertRejects(
      () => download(url, { folder, sha256: SHA256 }),
      DataFormatError,
      `expected the SHA-256 ${SHA256} by what was asked for, got ${await sha256(corrupt)}`,
    );
    assertEquals(error.file, url);
    assertEquals(await names(folder), []);
    await download(url, { folder, sha256: SHA256 });
    assertEquals(await Deno.readFile(path), FILE);
  });
});

Deno.test("a file that is downloaded again must be the same as the first time", () =>
  withBehaviour([{}, { file: randomBytes(300_000, seeded(3)) }], async ({ url, folder, path }) => {
    await download(url, { folder });
    await Deno.remove(path);
    await assertRejects(
      () => download(url, { folder }),
      DataFormatError,
      `expected the SHA-256 ${SHA256} as the first time, got `,
    );
  }));

Deno.test("a file that was changed on the disk is refused", () =>
  withBehaviour([{}], async ({ url, folder, path }) => {
    await download(url, { folder });
    const changed = FILE.slice();
    changed[7]! ^= 1;
    await Deno.writeFile(path, changed);
    // The clock of a file system may be coarse.
    await Deno.utime(path, 1, 1);
    const refused = () => download(url, { folder });
    await assertRejects(refused, DataFormatError, `Cannot use ${path} as a downloaded file`);
    await Deno.truncate(path, 10);
    await assertRejects(
      refused,
      DataFormatError,
      "expected 300000 bytes when it was recorded, got 10",
    );
    await Deno.remove(path);
    assertEquals(await download(url, { folder }), path);
  }));

Deno.test("a file put there by hand is taken without a request, and recorded", () =>
  withBehaviour([{}], async ({ url, folder, path, ranges }) => {
    await Deno.writeFile(path, FILE);
    const wrong = { folder, sha256: "0".repeat(64) };
    await assertRejects(() => download(url, wrong), DataFormatError, "by what was asked for");
    assertEquals(await download(url, { folder, sha256: SHA256 }), path);
    assertEquals([ranges, await names(folder)], [[], ["a.bin", "a.bin.json"]]);
  }));

Deno.test("a record that is damaged is refused by its name", () =>
  withBehaviour([{}], async ({ url, folder, path }) => {
    await Deno.writeFile(path, FILE);
    for (const text of ["{", "null", "{}", '{"size":1,"sha256":"a","modified":0}']) {
      await Deno.writeTextFile(`${path}.json`, text);
      await assertRejects(
        () => download(url, { folder }),
        DataFormatError,
        `Cannot read ${path}.json`,
      );
    }
  }));

Deno.test("a server that lacks the file, fails or cannot be reached says where to put it by hand", async () => {
  let closed = "";
  for (const [status, requests] of [[404, 1], [403, 1], [500, 3], [503, 3]] as const) {
    let count = 0;
    const serve = () => (count++, new Response("no", { status }));
    await withServer(serve, (address) =>
      withFolder(async (folder) => {
        closed = address;
        const error = await assertRejects(
          () => download(`${address}/a.bin`, { folder }),
          DataNotFoundError,
          `Cannot fetch ${address}/a.bin as a data file: the server answered ${status}`,
        );
        assertStringIncludes(error.message, `put the file at ${folder}/a.bin by hand`);
        assertEquals([count, await names(folder)], [requests, []]);
      }));
  }
  await withFolder(async (folder) => {
    const offline = () => download(`${closed}/a.bin`, { folder });
    const error = await assertRejects(offline, DataNotFoundError, `Cannot fetch ${closed}/a.bin`);
    assertStringIncludes(error.message, `give another {base}, or put the file at ${folder}/a.bin`);
  });
});

/** A server below HTTP that says one length and sends another. */
async function withLiar(length: number, body: Uint8Array, run: (address: string) => Promise<void>) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`;
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      try {
        await connection.write(new TextEncoder().encode(head));
        for (let sent = 0; sent < body.length;) sent += await connection.write(body.subarray(sent));
      } catch {
        // Who was told a short length has gone.
      }
      connection.close();
    }
  })();
  await run(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
  listener.close();
  await serving;
}

Deno.test("a server that announces more than it sends is given up on", () =>
  withLiar(400_000, FILE, (address) =>
    withFolder(async (folder) => {
      await assertRejects(() => download(`${address}/a.bin`, { folder }), DataNotFoundError);
      assertEquals(await names(folder), ["a.bin.part", "a.bin.part.json"]);
    })));

Deno.test("a server that announces less than the size that is wanted is refused at once", () =>
  withLiar(200_000, FILE, (address) =>
    withFolder(async (folder) => {
      await assertRejects(
        () => download(`${address}/a.bin`, { folder, size: FILE.length }),
        DataFormatError,
        "expected 300000 bytes, the server says that it has 200000",
      );
    })));

Deno.test("a stream without a length is read no further than the size that is wanted", () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(50_000));
          sent += 50_000;
        },
      }),
    );
  return withServer(endless, (address) =>
    withFolder(async (folder) => {
      const read = () => download(`${address}/a.bin`, { folder, size: 300_000 });
      await assertRejects(
        read,
        DataFormatError,
        "expected 300000 bytes by what was asked for, got ",
      );
      assert(sent < 20_000_000, `${sent}`);
    }));
});

Deno.test("a slow server is waited for, a silent one is not", () =>
  withBehaviour([{ slow: 30 }], async ({ url, folder }) => {
    await download(url, { folder, patience: 5_000 });
    await Deno.remove(`${folder}/a.bin`);
    const silent = () => download(url, { folder, patience: 5 });
    await assertRejects(silent, DataNotFoundError, "nothing came for 5 ms");
  }));

Deno.test("download() tells how far it has come", () =>
  withBehaviour([{ cutAfter: 100_000 }, {}], async ({ url, folder }) => {
    const seen: DownloadProgress[] = [];
    await download(url, { folder, onProgress: (progress) => seen.push(progress) });
    assertEquals(seen[0], { url, received: 0, total: FILE.length });
    assert(seen.some(({ received }) => received === 100_000));
    assertEquals(seen.at(-1), { url, received: FILE.length, total: FILE.length });
  }));

Deno.test("download() can be stopped, and goes on later", () =>
  withBehaviour([{ slow: 60 }], async ({ url, folder, path, ranges }) => {
    const stop = new AbortController();
    const onProgress = ({ received }: DownloadProgress) => received > 0 && stop.abort();
    const options = { folder, onProgress, signal: stop.signal };
    const error = await assertRejects(() => download(url, options));
    assertEquals((error as Error).name, "AbortError");
    await download(url, { folder });
    assertEquals(await Deno.readFile(path), FILE);
    assert(ranges[1]?.startsWith("bytes="), `${ranges}`);
  }));

Deno.test("calls at the same time share one download", () =>
  withBehaviour([{ slow: 5 }], async ({ url, folder, path, ranges }) => {
    const paths = await Promise.all(Array.from({ length: 4 }, () => download(url, { folder })));
    assertEquals([paths, ranges], [Array(4).fill(path), [null]]);
  }));

Deno.test("a mirror is asked for the file under its name", () =>
  withServer(
    ({ url }) => new Response(new URL(url).pathname + new URL(url).search),
    (address) =>
      withFolder(async (folder) => {
        const home = "https://nowhere.invalid/sets/a.bin";
        for (
          const [i, base] of [`${address}/copy/of/`, new URL(`${address}/copy/of?t=1`)].entries()
        ) {
          const path = await download(home, { folder: `${folder}/${i}`, base });
          assertEquals(await Deno.readTextFile(path), `/copy/of/a.bin${i === 0 ? "" : "?t=1"}`);
        }
      }),
  ));

Deno.test("what is no address of a file is refused", async () => {
  for (const url of ["a.bin", "file:///a.bin", "https://x.org/sets/", "s3://a/b"]) {
    await assertRejects(() => download(url), TypeError, `Cannot download ${url} as an http: or`);
  }
  const options = { base: "copies" } as DownloadOptions;
  await withFolder(async (folder) => {
    const bad = () => download("https://x.org/a", { ...options, folder });
    await assertRejects(bad, TypeError, "Cannot download copies as an http: or https: address");
  });
});
