import { assertEquals } from "@std/assert";
import { bundleOf, displayable, displayHooks } from "../../../lib/base/mod.ts";

interface Point {
  readonly x: number;
}

const appearance = {
  text: ({ x }: Point): string => `at ${x}`,
  bundle: ({ x }: Point) => ({ "text/plain": `at ${x}` }),
};

Deno.test("displayHooks() show the object that carries them now", async () => {
  const hooks = displayHooks(appearance);
  const point = { x: 1, ...hooks };
  const moved = { ...point, x: 2 };
  assertEquals(await bundleOf(moved), { "text/plain": "at 2" });
  assertEquals(Deno.inspect(moved), "at 2");
});

Deno.test("displayable() hides what it adds", async () => {
  const point = displayable({ x: 1 }, appearance);
  assertEquals(await bundleOf(point), { "text/plain": "at 1" });
  assertEquals(String(point), "at 1");
  assertEquals(JSON.stringify(point), '{"x":1}');
  assertEquals(Reflect.ownKeys({ ...point }), ["x"]);
});

Deno.test("bundleOf() a value that does not show itself is undefined", () => {
  assertEquals(bundleOf({ x: 1 }), undefined);
});
