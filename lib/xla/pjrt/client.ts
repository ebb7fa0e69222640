/** A client: the devices of a plugin, and what is made on them. @module */
import { EngineError, formatShape } from "../../base/mod.ts";
import type { DeviceMemory } from "../../engine/mod.ts";
import { HOST_BUFFER_SEMANTICS } from "./_generated/pjrt_abi.ts";
import type { PjrtApi } from "./api.ts";
import { PjrtBuffer } from "./buffer.ts";
import { describeDevice, type PjrtDevice, readDeviceMemory } from "./device.ts";
import { destroyEvent } from "./event.ts";
import { PjrtExecutable } from "./executable.ts";
import { NativeClient } from "./native.ts";
import { encodeCompileOptions } from "./options.ts";
import { type Address, addressesAt, Struct } from "./struct.ts";
import { type BufferElement, byteLengthOf, TYPE_CODE } from "./types.ts";

/** Memory that an empty array is uploaded from, since NULL is no data. */
const NOTHING = new Uint8Array(8);

/** A plugin's client. */
export class PjrtClient {
  /** `cpu`, `cuda`, `tpu`, … */
  readonly platform: string;
  readonly platformVersion: string;
  readonly devices: readonly PjrtDevice[];
  readonly #native: NativeClient;
  readonly #devices: readonly Address[];

  /** Takes ownership of a native client. */
  constructor(api: PjrtApi, client: Address) {
    this.#native = new NativeClient(api, client);
    this.platform = api.call(
      "PJRT_Client_PlatformName",
      new Struct("PJRT_Client_PlatformName_Args", { client }),
    ).text("platform_name", "platform_name_size");
    this.platformVersion = api.call(
      "PJRT_Client_PlatformVersion",
      new Struct("PJRT_Client_PlatformVersion_Args", { client }),
    ).text("platform_version", "platform_version_size");
    const list = api.call(
      "PJRT_Client_AddressableDevices",
      new Struct("PJRT_Client_AddressableDevices_Args", { client }),
    );
    this.#devices = addressesAt(
      list.address("addressable_devices"),
      list.number("num_addressable_devices"),
    );
    this.devices = this.#devices.map((device) => describeDevice(api, device));
  }

  /** The memory of a device now, or null where the plugin does not tell. */
  memoryOf(device: number): DeviceMemory | null {
    return readDeviceMemory(this.#open().api, this.#deviceAt(device, "read the memory of"));
  }

  #deviceAt(device: number, doing: string): Address {
    const address = this.#devices[device];
    if (address !== undefined) return address;
    throw new RangeError(
      `Cannot ${doing} device ${device} as the client has ${this.#devices.length}`,
    );
  }

  #open(): NativeClient {
    if (this.#native.closed) throw new EngineError("Cannot use the client as it was closed");
    return this.#native;
  }

  /**
   * Compiles a StableHLO program given as MLIR text, for `replicas` devices (the first ones).
   *
   * @throws {PjrtError} With the compiler's message if the text is wrong.
   */
  compile(mlir: string, { replicas = 1 }: { replicas?: number } = {}): PjrtExecutable {
    const native = this.#open();
    const args = this.#compileArgs(mlir, replicas);
    native.api.call("PJRT_Client_Compile", args);
    return new PjrtExecutable(native, args.address("executable"));
  }

  /** The same on another thread, so that the event loop goes on meanwhile. */
  async compileAsync(
    mlir: string,
    { replicas = 1 }: { replicas?: number } = {},
  ): Promise<PjrtExecutable> {
    const native = this.#open();
    const args = this.#compileArgs(mlir, replicas);
    return await native.hold(async () => {
      await native.api.callAsync("PJRT_Client_Compile", args);
      return new PjrtExecutable(native, args.address("executable"));
    });
  }

  #compileArgs(mlir: string, replicas: number): Struct<"PJRT_Client_Compile_Args"> {
    // MLIR's lexer looks for the end of the text in the byte after it.
    const code = new TextEncoder().encode(mlir + "\0");
    const format = new TextEncoder().encode("mlir");
    const program = new Struct("PJRT_Program", {
      code,
      code_size: code.length - 1,
      format,
      format_size: format.length,
    });
    const options = encodeCompileOptions({ replicas, platform: this.platform });
    return new Struct("PJRT_Client_Compile_Args", {
      client: this.#native.address,
      program,
      compile_options: options,
      compile_options_size: options.length,
    });
  }

  /**
   * Copies a dense row-major array to a device; `values` may be changed afterwards.
   *
   * @throws {RangeError} If `values` has not the size that type and shape ask for, or there is no
   * such device.
   */
  upload(
    values: ArrayBufferView,
    type: BufferElement,
    shape: readonly number[],
    device = 0,
  ): PjrtBuffer {
    const native = this.#open();
    const bytes = byteLengthOf({ type, shape });
    if (values.byteLength !== bytes || !shape.every((size) => size >= 0)) {
      throw new RangeError(
        `Cannot upload ${type} ${formatShape(shape)} as the view has another size: ` +
          `expected ${bytes} bytes, got ${values.byteLength}`,
      );
    }
    const target = this.#deviceAt(device, "upload to");
    const args = new Struct("PJRT_Client_BufferFromHostBuffer_Args", {
      client: native.address,
      data: bytes === 0 ? NOTHING : values,
      type: TYPE_CODE[type],
      dims: BigInt64Array.from(shape, BigInt),
      num_dims: shape.length,
      host_buffer_semantics: HOST_BUFFER_SEMANTICS.kImmutableOnlyDuringCall,
      device: target,
    });
    native.api.call("PJRT_Client_BufferFromHostBuffer", args);
    const buffer = new PjrtBuffer(native, args.address("buffer"), { type, shape: [...shape] });
    // The values were copied during the call, so nobody has to wait.
    destroyEvent(native.api, args.address("done_with_host_buffer"));
    return buffer;
  }

  /**
   * Loads a program that `PjrtExecutable.serialize` of the same plugin wrote.
   *
   * @throws {PjrtError} If the bytes are not such a program.
   */
  deserialize(bytes: Uint8Array): PjrtExecutable {
    const native = this.#open();
    const args = this.#loadArgs(bytes);
    native.api.call("PJRT_Executable_DeserializeAndLoad", args);
    return new PjrtExecutable(native, args.address("loaded_executable"));
  }

  /** The same on another thread, so that the event loop goes on meanwhile. */
  async deserializeAsync(bytes: Uint8Array): Promise<PjrtExecutable> {
    const native = this.#open();
    const args = this.#loadArgs(bytes);
    return await native.hold(async () => {
      await native.api.callAsync("PJRT_Executable_DeserializeAndLoad", args);
      return new PjrtExecutable(native, args.address("loaded_executable"));
    });
  }

  #loadArgs(bytes: Uint8Array): Struct<"PJRT_Executable_DeserializeAndLoad_Args"> {
    return new Struct("PJRT_Executable_DeserializeAndLoad_Args", {
      client: this.#native.address,
      serialized_executable: bytes,
      serialized_executable_size: bytes.length,
    });
  }

  /**
   * Lets the client go, as soon as its buffers and executables are disposed; then its threads end.
   */
  close(): void {
    this.#native.close();
  }
}
