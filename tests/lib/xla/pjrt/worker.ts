/** Loads the plugin in a worker and adds an array to itself, many times. @module */
import { ADD, plugin, take } from "./cpu_client.ts";

// The value comes as the worker's name: a message could arrive before anybody listens.
const worker = self as unknown as { name: string; postMessage(message: unknown): void };

const client = plugin().createClient({ deviceCount: 1 });
const add = client.compile(ADD);
const values = client.upload(new Float32Array(3).fill(Number(worker.name)), "f32", [3]);
for (let i = 0; i < 100; i++) take(add.execute([[values, values]])[0]![0]!);
worker.postMessage(take(add.execute([[values, values]])[0]![0]!));
values.dispose();
add.dispose();
client.close();
