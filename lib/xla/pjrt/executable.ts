/** Compiled programs. @module */
import { callIfThere } from "./call_if_there.ts";
import { PjrtBuffer } from "./buffer.ts";
import { type NativeClient, NativeObject } from "./native.ts";
import { type Address, addressOf, bytesAt, Struct } from "./struct.ts";
import { bufferElementOf, type BufferType } from "./types.ts";
import { EngineError } from "../../base/mod.ts";
import type { ProgramMemory } from "../../engine/mod.ts";

/** Calls `use` with the `PJRT_Executable` behind a loaded one, which the caller has to destroy. */
function withExecutable<T>(client: NativeClient, loaded: Address, use: (at: Address) => T): T {
  const { api } = client;
  const executable = api.call(
    "PJRT_LoadedExecutable_GetExecutable",
    new Struct("PJRT_LoadedExecutable_GetExecutable_Args", { loaded_executable: loaded }),
  ).address("executable");
  try {
    return use(executable);
  } finally {
    api.call("PJRT_Executable_Destroy", new Struct("PJRT_Executable_Destroy_Args", { executable }));
  }
}

/** Element type and shape of every output of a program. */
function readOutputTypes({ api }: NativeClient, executable: Address): BufferType[] {
  const types = api.call(
    "PJRT_Executable_OutputElementTypes",
    new Struct("PJRT_Executable_OutputElementTypes_Args", { executable }),
  );
  const dimensions = api.call(
    "PJRT_Executable_OutputDimensions",
    new Struct("PJRT_Executable_OutputDimensions_Args", { executable }),
  );
  const count = types.number("num_output_types");
  const codes = new Int32Array(bytesAt(types.address("output_types"), 4 * count).buffer);
  const ranks = new BigInt64Array(bytesAt(dimensions.address("dim_sizes"), 8 * count).buffer);
  const total = ranks.reduce((sum, rank) => sum + Number(rank), 0);
  const sizes = new BigInt64Array(bytesAt(dimensions.address("dims"), 8 * total).buffer);
  let at = 0;
  return Array.from(codes, (code, i) => {
    const type = bufferElementOf(code);
    if (type === null) {
      throw new EngineError(
        `Cannot use the program as its output ${i} has PJRT's element type ${code} (convert it)`,
      );
    }
    return { type, shape: Array.from(sizes.subarray(at, at += Number(ranks[i])), Number) };
  });
}

/** Memory of a program by the plugin's analysis, or null if it has none. */
function readMemory({ api }: NativeClient, executable: Address): ProgramMemory | null {
  const args = new Struct("PJRT_Executable_GetCompiledMemoryStats_Args", { executable });
  if (!callIfThere(api, "PJRT_Executable_GetCompiledMemoryStats", args)) return null;
  return {
    argumentBytes: args.number("argument_size_in_bytes"),
    outputBytes: args.number("output_size_in_bytes"),
    aliasBytes: args.number("alias_size_in_bytes"),
    tempBytes: args.number("temp_size_in_bytes"),
    generatedCodeBytes: args.number("generated_code_size_in_bytes"),
  };
}

/** The type of the function that frees serialised bytes. */
const DELETER = { parameters: ["pointer"], result: "void" } as const;

/** The structs of one `execute` call, made once and filled again by every call. */
class CallFrame {
  readonly args: BigUint64Array<ArrayBuffer>;
  readonly outputs: BigUint64Array<ArrayBuffer>;
  readonly struct: Struct<"PJRT_LoadedExecutable_Execute_Args">;

  constructor(
    executable: Address,
    readonly numDevices: number,
    readonly numArgs: number,
    numOutputs: number,
  ) {
    this.args = new BigUint64Array(numDevices * numArgs);
    this.outputs = new BigUint64Array(numDevices * numOutputs);
    this.struct = new Struct("PJRT_LoadedExecutable_Execute_Args", {
      executable,
      options: new Struct("PJRT_ExecuteOptions"),
      argument_lists: rowsOf(this.args, numDevices),
      output_lists: rowsOf(this.outputs, numDevices),
      num_devices: numDevices,
      num_args: numArgs,
    });
  }
}

/** The addresses of the rows of a matrix. */
function rowsOf(matrix: BigUint64Array<ArrayBuffer>, rows: number): BigUint64Array<ArrayBuffer> {
  const start = addressOf(matrix);
  const stride = matrix.byteLength / rows;
  return BigUint64Array.from({ length: rows }, (_, row) => start + BigInt(row * stride));
}

/** A program compiled for one or more devices. */
export class PjrtExecutable extends NativeObject {
  /** Element type and shape of every output. */
  readonly outputTypes: readonly BufferType[];
  /** How many devices the program runs on at once. */
  readonly numDevices: number;
  #frame: CallFrame | null = null;
  #tempBytes: number | null = null;

  /** Takes ownership of a native loaded executable. */
  constructor(client: NativeClient, address: Address) {
    super(client, "executable", address);
    this.outputTypes = withExecutable(client, address, (at) => readOutputTypes(client, at));
    const devices = client.api.call(
      "PJRT_LoadedExecutable_AddressableDevices",
      new Struct("PJRT_LoadedExecutable_AddressableDevices_Args", { executable: address }),
    );
    this.numDevices = devices.number("num_addressable_devices");
  }

  /** How many results the program has on each device. */
  get numOutputs(): number {
    return this.outputTypes.length;
  }

  /**
   * Starts the program on arguments `[device][arg]` and returns its results `[device][output]`
   * without waiting for them. An error of the computation itself comes when a result is read.
   *
   * Arguments may be disposed at once; what the program still needs stays until it has run.
   *
   * @throws {RangeError} If the number of devices is wrong.
   * @throws {PjrtError} If the plugin refuses the arguments.
   */
  execute(args: readonly (readonly PjrtBuffer[])[]): PjrtBuffer[][] {
    const executable = this.address;
    if (args.length !== this.numDevices) {
      throw new RangeError(
        `Cannot run the program as it was compiled for another number of devices: ` +
          `expected ${this.numDevices} lists of arguments, got ${args.length}`,
      );
    }
    const { api } = this.client;
    const numArgs = args[0]!.length;
    let frame = this.#frame;
    if (frame?.numArgs !== numArgs) {
      frame = new CallFrame(executable, this.numDevices, numArgs, this.numOutputs);
      this.#frame = frame;
    }
    for (let device = 0, at = 0; device < args.length; device++) {
      const row = args[device]!;
      if (row.length !== numArgs) {
        throw new RangeError(
          `Cannot run the program as the devices have unequal numbers of arguments: ` +
            `${numArgs} on device 0, ${row.length} on device ${device}`,
        );
      }
      for (let i = 0; i < numArgs; i++) frame.args[at++] = row[i]!.address;
    }
    api.call("PJRT_LoadedExecutable_Execute", frame.struct);
    return this.#takeOutputs(frame.outputs);
  }

  #takeOutputs(addresses: BigUint64Array): PjrtBuffer[][] {
    const { client, numOutputs, outputTypes } = this;
    const results: PjrtBuffer[][] = [];
    for (let device = 0, at = 0; device < this.numDevices; device++) {
      const row: PjrtBuffer[] = [];
      for (let i = 0; i < numOutputs; i++) {
        row.push(new PjrtBuffer(client, addresses[at++]!, outputTypes[i]!));
      }
      results.push(row);
    }
    return results;
  }

  /** Bytes of what lives only while the program runs, on all devices; 0 if it does not tell. */
  get tempBytes(): number {
    return this.#tempBytes ??= (this.memory()?.tempBytes ?? 0) * this.numDevices;
  }

  /** Memory that the program needs on each device, or null where the plugin does not tell. */
  memory(): ProgramMemory | null {
    return withExecutable(this.client, this.address, (at) => readMemory(this.client, at));
  }

  /** The compiled program as bytes, which `PjrtClient.deserialize` of the same plugin loads. */
  serialize(): Uint8Array<ArrayBuffer> {
    return withExecutable(this.client, this.address, (executable) => {
      const args = new Struct("PJRT_Executable_Serialize_Args", { executable });
      this.client.api.call("PJRT_Executable_Serialize", args);
      const bytes = bytesAt(args.address("serialized_bytes"), args.number("serialized_bytes_size"));
      const deleter = Deno.UnsafePointer.create<typeof DELETER>(
        args.address("serialized_executable_deleter"),
      );
      new Deno.UnsafeFnPointer(deleter!, DELETER)
        .call(Deno.UnsafePointer.create(args.address("serialized_executable")));
      return bytes;
    });
  }
}
