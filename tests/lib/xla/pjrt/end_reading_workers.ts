/** Ends as many workers as are asked for in the middle of their reads, and goes on. @module */
const url = new URL("./read_worker.ts", import.meta.url);
for (let i = 0; i < Number(Deno.args[0]); i++) {
  const worker = new Worker(url, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  worker.terminate();
  // What native threads write meanwhile must not lie in the memory of others.
  Array.from({ length: 2000 }, (_, n) => new Uint8Array(100 + n % 300).fill(7));
  await new Promise((resolve) => setTimeout(resolve, 300));
}
await new Promise((resolve) => setTimeout(resolve, 3000));
console.log("ended");
