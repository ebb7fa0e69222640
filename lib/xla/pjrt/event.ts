/** Events: what asynchronous calls hand out, waited for and destroyed here. @module */
import type { PjrtApi } from "./api.ts";
import { type Address, Struct } from "./struct.ts";

/** Frees an event that nobody waits for. */
export function destroyEvent(api: PjrtApi, event: Address): void {
  api.call("PJRT_Event_Destroy", new Struct("PJRT_Event_Destroy_Args", { event }));
}

/** Waits for an event and destroys it; throws the error that it carries. */
export function awaitEvent(api: PjrtApi, event: Address): void {
  try {
    api.call("PJRT_Event_Await", new Struct("PJRT_Event_Await_Args", { event }));
  } finally {
    destroyEvent(api, event);
  }
}

/** The same without blocking the event loop. */
export async function awaitEventAsync(api: PjrtApi, event: Address): Promise<void> {
  try {
    await api.callAsync("PJRT_Event_Await", new Struct("PJRT_Event_Await_Args", { event }));
  } finally {
    destroyEvent(api, event);
  }
}

/** Whether an event has come; destroys it. */
export function pollEvent(api: PjrtApi, event: Address): boolean {
  try {
    const args = api.call("PJRT_Event_IsReady", new Struct("PJRT_Event_IsReady_Args", { event }));
    return args.number("is_ready") !== 0;
  } finally {
    destroyEvent(api, event);
  }
}
