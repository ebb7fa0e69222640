/** The one gate through which the plugin's errors come. @module */
import { EngineError } from "../../base/mod.ts";
import { ERROR_CODE } from "./_generated/pjrt_abi.ts";
import type { FunctionName, PjrtApi } from "./api.ts";
import { type Address, Struct, type StructName } from "./struct.ts";

/** The name of a status code, as XLA prints it: `INVALID_ARGUMENT`, … */
export type PjrtErrorCode = keyof typeof ERROR_CODE;

/** An error that the plugin returned. */
export class PjrtError extends EngineError {
  override readonly name = "PjrtError";
  /** The plugin's status code. */
  readonly code: PjrtErrorCode;

  constructor(message: string, code: PjrtErrorCode) {
    super(message);
    this.code = code;
  }
}

const CODE_NAMES = Object.keys(ERROR_CODE) as PjrtErrorCode[];

/** Turns a `PJRT_Error*` into an exception and destroys it. */
export function takeError(api: PjrtApi, error: Address, doing: string): PjrtError {
  const code = new Struct("PJRT_Error_GetCode_Args", { error });
  const message = new Struct("PJRT_Error_Message_Args", { error });
  api.invoke("PJRT_Error_GetCode", code);
  api.invoke("PJRT_Error_Message", message);
  const name = CODE_NAMES.find((key) => ERROR_CODE[key] === code.number("code")) ?? "UNKNOWN";
  const text = message.text("message", "message_size");
  api.invoke("PJRT_Error_Destroy", new Struct("PJRT_Error_Destroy_Args", { error }));
  return new PjrtError(`Cannot ${doing} as the plugin reports ${name}: ${text}`, name);
}

/** Calls a function that a plugin need not have; false if it has not. */
export function callIfThere(
  api: PjrtApi,
  name: FunctionName,
  args: Struct<StructName>,
): boolean {
  try {
    api.call(name, args);
    return true;
  } catch (error) {
    if (error instanceof PjrtError && error.code === "UNIMPLEMENTED") return false;
    throw error;
  }
}
