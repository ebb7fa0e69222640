/** The plugin's function table: every call into native code goes through here. @module */
import { EngineError } from "../../base/mod.ts";
import { SLOTS, STRUCTS } from "./_generated/pjrt_abi.ts";
import { takeError } from "./errors.ts";
import type { NativeMemory } from "./native_memory.ts";
import type { Address, Struct, StructName } from "./struct.ts";

/** A function of the table. */
export type FunctionName = keyof typeof SLOTS;

const BLOCKING = { parameters: ["buffer"], result: "pointer" } as const;
const NONBLOCKING = { ...BLOCKING, nonblocking: true } as const;
const TABLE_OFFSET = STRUCTS.PJRT_Api.size - 8 * Object.keys(SLOTS).length;

/** The purposes of calls, in the words of an error. */
const DOING: Partial<Record<FunctionName, string>> = {
  PJRT_Plugin_Initialize: "initialise the plugin",
  PJRT_Client_Create: "start a client",
  PJRT_Client_Compile: "compile the program",
  PJRT_Client_BufferFromHostBuffer: "upload an array",
  PJRT_LoadedExecutable_Execute: "run the program",
  PJRT_Executable_Serialize: "serialise the executable",
  PJRT_Executable_DeserializeAndLoad: "load the serialised executable",
  PJRT_Buffer_ToHostBuffer: "download an array",
  PJRT_Event_Await: "finish the computation",
};

/** The functions of a loaded plugin. */
export class PjrtApi {
  readonly #table: Deno.UnsafePointerView;
  readonly #blocking = new Map<FunctionName, Deno.UnsafeFnPointer<typeof BLOCKING>>();
  readonly #nonblocking = new Map<FunctionName, Deno.UnsafeFnPointer<typeof NONBLOCKING>>();

  constructor(table: Deno.PointerObject) {
    this.#table = new Deno.UnsafePointerView(table);
  }

  /** The plugin's API version. */
  get version(): [major: number, minor: number] {
    const at = STRUCTS.PJRT_Api.fields.pjrt_api_version[0];
    const { major_version, minor_version } = STRUCTS.PJRT_Api_Version.fields;
    return [
      this.#table.getInt32(at + major_version[0]),
      this.#table.getInt32(at + minor_version[0]),
    ];
  }

  #pointer<T>(name: FunctionName): Deno.PointerObject<T> {
    const pointer = this.#table.getPointer<T>(TABLE_OFFSET + 8 * SLOTS[name]);
    if (pointer === null) {
      throw new EngineError(
        `Cannot call ${name} as the plugin must have it: its table has none (use another plugin)`,
      );
    }
    return pointer;
  }

  /** A function by name, for callers that call it often. */
  function(name: FunctionName): Deno.UnsafeFnPointer<typeof BLOCKING> {
    let found = this.#blocking.get(name);
    if (!found) {
      found = new Deno.UnsafeFnPointer(this.#pointer(name), BLOCKING);
      this.#blocking.set(name, found);
    }
    return found;
  }

  /** Calls a function that returns no error. */
  invoke(name: FunctionName, args: Struct<StructName>): void {
    this.function(name).call(args.bytes);
  }

  /** Calls a function; an error that it returns is thrown. Returns the struct with its results. */
  call<S extends Struct<StructName>>(name: FunctionName, args: S): S {
    this.check(name, this.function(name).call(args.bytes));
    return args;
  }

  /**
   * Calls a function as `call` does, on a thread of Deno's, so that the event loop goes on
   * meanwhile. It works on copies of the struct and of all that it points to, as the worker may be
   * ended before the call.
   */
  async callAsync<S extends Struct<StructName>>(name: FunctionName, args: S): Promise<S> {
    let found = this.#nonblocking.get(name);
    if (!found) {
      found = new Deno.UnsafeFnPointer(this.#pointer(name), NONBLOCKING);
      this.#nonblocking.set(name, found);
    }
    const memory: NativeMemory[] = [];
    const copy = args.copyTo(memory);
    try {
      this.check(name, await found.call(copy.bytes));
      args.bytes.set(copy.bytes);
    } finally {
      for (const { free } of memory) free();
    }
    return args;
  }

  /** Throws the error that a function returned, if any. */
  check(name: FunctionName, error: Deno.PointerValue): void {
    if (error === null) return;
    const address: Address = Deno.UnsafePointer.value(error);
    throw takeError(this, address, DOING[name] ?? `call ${name}`);
  }
}
