/**
 * MPI by its standard ABI (MPI 5.0, section 20), over Deno's FFI. Nothing is loaded at import.
 *
 * The ABI fixes the values of all handles and constants, so that one binding serves every
 * implementation that has it.
 *
 * @module
 */
import { type Combine, type Communicator, EngineError } from "../engine/mod.ts";

/** The variable that names another library. */
const MPI_VARIABLE = "MESHWORK_MPI_LIB";

/** The library of the standard ABI, as the loader of the system finds it. */
const LIBRARY: Readonly<Record<string, string>> = {
  linux: "libmpi_abi.so.1",
  darwin: "libmpi_abi.dylib",
  windows: "mpi_abi.dll",
};

const SYMBOLS = {
  MPI_Initialized: { parameters: ["buffer"], result: "i32" },
  MPI_Init_thread: { parameters: ["pointer", "pointer", "i32", "buffer"], result: "i32" },
  MPI_Finalize: { parameters: [], result: "i32" },
  MPI_Abort: { parameters: ["pointer", "i32"], result: "i32" },
  MPI_Comm_rank: { parameters: ["pointer", "buffer"], result: "i32" },
  MPI_Comm_size: { parameters: ["pointer", "buffer"], result: "i32" },
  MPI_Comm_split: { parameters: ["pointer", "i32", "i32", "buffer"], result: "i32" },
  MPI_Comm_set_errhandler: { parameters: ["pointer", "pointer"], result: "i32" },
  MPI_Error_string: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" },
  MPI_Barrier: { parameters: ["pointer"], result: "i32" },
  MPI_Bcast: { parameters: ["buffer", "i32", "pointer", "i32", "pointer"], result: "i32" },
  MPI_Allgather: {
    parameters: ["buffer", "i32", "pointer", "buffer", "i32", "pointer", "pointer"],
    result: "i32",
  },
  MPI_Allreduce: {
    parameters: ["pointer", "buffer", "i32", "pointer", "pointer", "pointer"],
    result: "i32",
  },
} as const;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;
type Handle = Deno.PointerObject;

/** Handles are constants that are passed as pointers. */
const handle = (value: number): Handle => Deno.UnsafePointer.create(BigInt(value))!;

const WORLD = 0x101;
const ERRORS_RETURN = 0x143;
const IN_PLACE = 1;
const BYTE = 0x247;
const TYPES = { Float32Array: 0x210, Int32Array: 0x250 } as const;
const OPERATIONS: Readonly<Record<Combine, number>> = { add: 0x21, minimum: 0x22, maximum: 0x23 };

/** One thread, the one that joined, makes all calls; XLA's threads make none. */
const THREAD_FUNNELED = 1024;

/** The longest text that an implementation gives. */
const MAX_TEXT = 8192;

/** Counts are C ints; longer arrays go in pieces. */
const MAX_COUNT = 2 ** 30;

/** The processes that were started together by `mpiexec`. */
export class MpiCommunicator implements Communicator {
  readonly rank: number;
  readonly size: number;
  /** The implementation, in its own words. */
  readonly version: string;
  readonly #library: Library;
  /** Communicators of groups by their members. */
  readonly #groups = new Map<string, Handle>();

  /**
   * Joins the other processes; waits for them.
   *
   * @throws {EngineError} If the library cannot be loaded, or MPI does not start.
   */
  constructor(path: string) {
    this.#library = open(path);
    const provided = new Int32Array(1);
    this.#call("MPI_Init_thread", null, null, THREAD_FUNNELED, provided);
    this.#call("MPI_Comm_set_errhandler", handle(WORLD), handle(ERRORS_RETURN));
    if (provided[0]! < THREAD_FUNNELED) {
      throw new EngineError(
        "Cannot join processes as this MPI serves programs of one thread alone, and XLA has " +
          "several (use an MPI that was built with support of threads)",
      );
    }
    this.rank = this.#number("MPI_Comm_rank");
    this.size = this.#number("MPI_Comm_size");
    this.version = this.#version();
  }

  allReduce(
    values: Float32Array | Int32Array,
    combine: Combine,
    group: readonly number[],
  ): void {
    const type = handle(values instanceof Float32Array ? TYPES.Float32Array : TYPES.Int32Array);
    const members = this.#groupOf(group);
    for (let start = 0; start < values.length; start += MAX_COUNT) {
      const piece = values.subarray(start, start + MAX_COUNT) as Float32Array<ArrayBuffer>;
      const operation = handle(OPERATIONS[combine]);
      const inPlace = handle(IN_PLACE);
      this.#call("MPI_Allreduce", inPlace, piece, piece.length, type, operation, members);
    }
  }

  agree(doing: string): void {
    // The largest of a number and of its negative are opposite only if all have the same number.
    const [a, b] = hash(doing);
    const extremes = Int32Array.of(a, -a, b, -b);
    this.allReduce(extremes, "maximum", this.#all());
    if (extremes[0] === -extremes[1]! && extremes[2] === -extremes[3]!) return;
    const texts = this.gather(doing);
    const lines = texts.map((text, rank) => `process ${rank}: ${text}`);
    throw new EngineError(
      `Cannot go on together as all processes must make the same calls with the same shapes: ` +
        `${lines.join("; ")} (pad shards to one shape, and let no call depend on the rank)`,
    );
  }

  /** What each process says, by rank. */
  gather(text: string): string[] {
    const bytes = new TextEncoder().encode(text);
    const lengths = new Int32Array(this.size);
    lengths[this.rank] = bytes.length;
    this.allReduce(lengths, "maximum", this.#all());
    const width = Math.max(1, ...lengths);
    const own = new Uint8Array(width);
    own.set(bytes);
    const all = new Uint8Array(width * this.size);
    const byte = handle(BYTE);
    this.#call("MPI_Allgather", own, width, byte, all, width, byte, handle(WORLD));
    return Array.from(
      lengths,
      (length, rank) => new TextDecoder().decode(all.subarray(rank * width, rank * width + length)),
    );
  }

  /** Gives all processes what one of them has. */
  broadcast(values: Uint8Array<ArrayBuffer>, root: number): void {
    for (let start = 0; start < values.length; start += MAX_COUNT) {
      const piece = values.subarray(start, start + MAX_COUNT);
      this.#call("MPI_Bcast", piece, piece.length, handle(BYTE), root, handle(WORLD));
    }
  }

  /** Waits until all processes are here. */
  barrier(): void {
    this.#call("MPI_Barrier", handle(WORLD));
  }

  /** Leaves the other processes; waits for them. */
  finalize(): void {
    this.#call("MPI_Finalize");
  }

  /** Ends all processes. */
  abort(code: number): void {
    this.#library.symbols.MPI_Abort(handle(WORLD), code);
  }

  #all(): number[] {
    return Array.from({ length: this.size }, (_, rank) => rank);
  }

  /** A communicator of some processes; all processes ask for theirs at the same time. */
  #groupOf(members: readonly number[]): Handle {
    if (members.length === this.size) return handle(WORLD);
    const key = members.join();
    let group = this.#groups.get(key);
    if (!group) {
      const made = new BigUint64Array(1);
      this.#call("MPI_Comm_split", handle(WORLD), members[0]!, this.rank, made);
      group = Deno.UnsafePointer.create(made[0]!)!;
      this.#call("MPI_Comm_set_errhandler", group, handle(ERRORS_RETURN));
      this.#groups.set(key, group);
    }
    return group;
  }

  #number(name: "MPI_Comm_rank" | "MPI_Comm_size"): number {
    const out = new Int32Array(1);
    this.#call(name, handle(WORLD), out);
    return out[0]!;
  }

  #version(): string {
    const [text, length] = [new Uint8Array(MAX_TEXT), new Int32Array(1)];
    this.#call("MPI_Get_library_version", text, length);
    return new TextDecoder().decode(text.subarray(0, length[0])).split("\n")[0]!.replace(/\0/g, "");
  }

  /** Calls a function of MPI, whose result is an error code. */
  #call<N extends keyof typeof SYMBOLS>(
    name: N,
    ...args: Parameters<Library["symbols"][N]>
  ): void {
    const call = this.#library.symbols[name] as (...args: unknown[]) => number;
    const code = call(...args);
    if (code === 0) return;
    const [text, length] = [new Uint8Array(MAX_TEXT), new Int32Array(1)];
    this.#library.symbols.MPI_Error_string(code, text, length);
    const message = new TextDecoder().decode(text.subarray(0, length[0])).replace(/\0/g, "");
    throw new EngineError(`Cannot go on together as ${name} reports: ${message}`);
  }
}

/** The library: the one that the user named, else that of the `mpiexec` on the path, else the system's. */
export function mpiLibrary(): string {
  const name = LIBRARY[Deno.build.os] ?? LIBRARY.linux!;
  const chosen = Deno.env.get(MPI_VARIABLE);
  if (chosen) return chosen;
  const [separator, suffix] = Deno.build.os === "windows" ? [";", ".exe"] : [":", ""];
  const folder = (Deno.env.get("PATH") ?? "").split(separator)
    .find((folder) => isFile(`${folder}/mpiexec${suffix}`));
  const beside = `${folder}/../lib/${name}`;
  return folder !== undefined && isFile(beside) ? beside : name;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function open(path: string): Library {
  try {
    return Deno.dlopen(path, SYMBOLS);
  } catch (error) {
    const reason = (error as Error).message.replace(/^(Could not open library: )+/, "");
    throw new EngineError(
      `Cannot join processes as no MPI library could be loaded: ${reason} (\`pip install mpich\`, ` +
        `and start the processes with its mpiexec; another one with the standard ABI is named in ` +
        `${MPI_VARIABLE})`,
    );
  }
}

/** Two numbers of 31 bits, so that their negatives exist (FNV-1a, forwards and backwards). */
function hash(text: string): [number, number] {
  const fnv = (codes: Iterable<number>): number => {
    let value = 0x811C9DC5;
    for (const code of codes) value = Math.imul(value ^ code, 0x01000193);
    return value & 0x7FFFFFFF;
  };
  const codes = new TextEncoder().encode(text);
  return [fnv(codes), fnv(codes.toReversed())];
}
