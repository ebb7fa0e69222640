/** Loads the plugin in a worker. @module */
import { plugin } from "./cpu_client.ts";

plugin();
(self as unknown as { postMessage(message: string): void }).postMessage("loaded");
