/** Loads the plugin in a worker alone, ends the worker, and then the process. @module */
const url = new URL("./load_worker.ts", import.meta.url);
const worker = new Worker(url, { type: "module" });
await new Promise((resolve) => worker.onmessage = resolve);
worker.terminate();
// Deno unloads an isolate's libraries some time after its end.
await new Promise((resolve) => setTimeout(resolve, 300));
console.log("ended");
