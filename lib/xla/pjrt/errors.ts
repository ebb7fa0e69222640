/** The one gate through which the plugin's errors come. @module */
import { EngineError } from "../../base/mod.ts";
import { ERROR_CODE } from "./_generated/pjrt_abi.ts";
import { type Address, Struct, type StructName } from "./struct.ts";

/** The functions of a plugin that tell about an error; none of them can fail. */
export interface ErrorFunctions {
  invoke(
    name: "PJRT_Error_GetCode" | "PJRT_Error_Message" | "PJRT_Error_Destroy",
    args: Struct<StructName>,
  ): void;
}

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
export function takeError(api: ErrorFunctions, error: Address, doing: string): PjrtError {
  const code = new Struct("PJRT_Error_GetCode_Args", { error });
  const message = new Struct("PJRT_Error_Message_Args", { error });
  api.invoke("PJRT_Error_GetCode", code);
  api.invoke("PJRT_Error_Message", message);
  const name = CODE_NAMES.find((key) => ERROR_CODE[key] === code.number("code")) ?? "UNKNOWN";
  const text = message.text("message", "message_size");
  api.invoke("PJRT_Error_Destroy", new Struct("PJRT_Error_Destroy_Args", { error }));
  return new PjrtError(`Cannot ${doing} as the plugin reports ${name}: ${text}`, name);
}
