import { assertEquals } from "@std/assert";
import { mpiBeside } from "../../../lib/sharding/mpi_path.ts";

Deno.test("the library is looked for beside mpiexec", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/bin`);
  await Deno.mkdir(`${root}/lib`);
  const names = { linux: "libmpi_abi.so.1", darwin: "libmpi_abi.dylib", windows: "mpi_abi.dll" };
  const name = names[Deno.build.os as keyof typeof names];
  assertEquals(mpiBeside(`${root}/bin/mpiexec`), null);
  await Deno.mkdir(`${root}/lib/${name}`); // a folder is no library
  assertEquals(mpiBeside(`${root}/bin/mpiexec`), null);
  await Deno.remove(`${root}/lib/${name}`);
  await Deno.writeTextFile(`${root}/lib/${name}`, "");
  assertEquals(mpiBeside(`${root}/bin/mpiexec`), `${root}/bin/../lib/${name}`);
});
