/** Ends workers in the middle of their reads, and goes on. @module */
const url = new URL("./read_worker.ts", import.meta.url);
for (let i = 0; i < 3; i++) {
  const worker = new Worker(url, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  worker.terminate();
  // Native threads write what was asked for while others use the memory.
  for (let k = 0; k < 40; k++) {
    Array.from({ length: 1000 }, (_, n) => new Uint8Array(100 + n).fill(7));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
console.log("ended");
