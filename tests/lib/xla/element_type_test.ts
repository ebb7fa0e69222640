import { assertEquals, assertThrows } from "@std/assert";
import { dataTypeOf, elementTypeOf, isHostOnly } from "../../../lib/xla/element_type.ts";

Deno.test("elementTypeOf() and dataTypeOf() are each other's inverse", () => {
  for (const dtype of ["float32", "int32", "bool"]) {
    assertEquals(dataTypeOf(elementTypeOf(dtype, "test")), dtype);
    assertEquals(isHostOnly(dtype), false);
  }
});

Deno.test("elementTypeOf() says what devices have no type for", () => {
  for (const dtype of ["string", "complex64"]) {
    assertEquals(isHostOnly(dtype), true);
    const { message } = assertThrows(() => elementTypeOf(dtype, "cast"), TypeError);
    assertEquals(
      message,
      `Cannot cast on xla as it has float32, int32 and bool only: dtype is ${dtype} ` +
        `(keep such tensors on the host)`,
    );
  }
});
