import { assertEquals, assertThrows } from "@std/assert";
import { dataCacheFolder } from "../../datasets/cache_folder.ts";

function folder(os: typeof Deno.build.os, variables: Record<string, string>): string {
  return dataCacheFolder({ os, env: (name) => variables[name] });
}

Deno.test("dataCacheFolder() follows the custom of the operating system", () => {
  assertEquals(folder("linux", { HOME: "/home/a" }), "/home/a/.cache/meshwork/data");
  assertEquals(folder("linux", { HOME: "/home/a", XDG_CACHE_HOME: "/c" }), "/c/meshwork/data");
  assertEquals(
    folder("linux", { HOME: "/home/a", XDG_CACHE_HOME: "c" }),
    "/home/a/.cache/meshwork/data",
  );
  assertEquals(folder("darwin", { HOME: "/home/a" }), "/home/a/Library/Caches/meshwork/data");
  assertEquals(folder("windows", { LOCALAPPDATA: "C:\\a" }), "C:\\a/meshwork/data");
});

Deno.test("dataCacheFolder() is what the user says, and an error where there is none", () => {
  assertEquals(folder("linux", { HOME: "/home/a", MESHWORK_DATA: "/big" }), "/big");
  assertThrows(() => folder("linux", {}), Error, "neither HOME nor MESHWORK_DATA is set");
});
