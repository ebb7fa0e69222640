"""Generates lib/xla/pjrt/_generated/pjrt_abi.ts from the official PJRT header.

    python3 tools/generate_pjrt/generate.py            # fetches the pinned wheel, needs gcc and deno
    python3 tools/generate_pjrt/generate.py --header path/to/pjrt_c_api.h

The layout is not computed here: a C program that includes the header prints `offsetof` and `sizeof`,
so the compiler that defines the ABI is the one that tells it. Only the structs that lib/xla/pjrt uses
are written, and the whole order of the function table.
"""

import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE.parent.parent / "lib/xla/pjrt/_generated/pjrt_abi.ts"
HEADER = "tensorflow/include/xla/pjrt/c/pjrt_c_api.h"

STRUCTS = """
PJRT_Api PJRT_Api_Version PJRT_NamedValue PJRT_Program PJRT_ExecuteOptions
PJRT_Error_Destroy_Args PJRT_Error_Message_Args PJRT_Error_GetCode_Args
PJRT_Plugin_Initialize_Args PJRT_Plugin_Attributes_Args
PJRT_Event_Destroy_Args PJRT_Event_IsReady_Args PJRT_Event_Await_Args
PJRT_Client_Create_Args PJRT_Client_Destroy_Args PJRT_Client_PlatformName_Args
PJRT_Client_PlatformVersion_Args PJRT_Client_AddressableDevices_Args PJRT_Client_Compile_Args
PJRT_Client_BufferFromHostBuffer_Args
PJRT_Device_GetDescription_Args PJRT_Device_MemoryStats_Args PJRT_DeviceDescription_Id_Args
PJRT_DeviceDescription_Kind_Args PJRT_DeviceDescription_ToString_Args
PJRT_Executable_Destroy_Args PJRT_Executable_NumOutputs_Args PJRT_Executable_Serialize_Args
PJRT_Executable_GetCompiledMemoryStats_Args
PJRT_Executable_OutputElementTypes_Args PJRT_Executable_OutputDimensions_Args
PJRT_Executable_DeserializeAndLoad_Args
PJRT_LoadedExecutable_Destroy_Args PJRT_LoadedExecutable_GetExecutable_Args
PJRT_LoadedExecutable_AddressableDevices_Args PJRT_LoadedExecutable_Execute_Args
PJRT_Buffer_Destroy_Args PJRT_Buffer_ToHostBuffer_Args PJRT_Buffer_ReadyEvent_Args
PJRT_Buffer_UnsafePointer_Args
""".split()

# TypeScript name -> C enum.
ENUMS = {
    "BUFFER_TYPE": "PJRT_Buffer_Type",
    "HOST_BUFFER_SEMANTICS": "PJRT_HostBufferSemantics",
    "NAMED_VALUE_TYPE": "PJRT_NamedValue_Type",
    "ERROR_CODE": "PJRT_Error_Code",
}


def fetch_header(folder: pathlib.Path) -> pathlib.Path:
    """Downloads the pinned wheel with its hash checked and takes the header out of it."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        # The wheel of one platform, whatever runs this: the header is the same in all.
        + ["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11"]
        + ["--platform", "manylinux_2_27_x86_64"]
        + ["-r", str(HERE / "requirements.txt"), "-d", str(folder)],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return pathlib.Path(archive.extract(HEADER, folder))


def fields_of(header: str, name: str) -> list[str]:
    """The members of a struct in order; those of an anonymous union are members of the struct."""
    if name == "PJRT_Api":
        return ["struct_size", "extension_start", "pjrt_api_version"]
    body = re.search(rf"struct {name} \{{(.*?)\n\}}", header, re.S)
    if body is None:
        raise SystemExit(f"Cannot find struct {name} in the header (was it renamed?)")
    text = re.sub(r"union \{|\}", "", body.group(1))
    names = []
    for member in filter(None, (m.strip() for m in text.split(";"))):
        pointer = re.search(r"\(\*\s*(\w+)\)", member)
        names.append(pointer.group(1) if pointer else re.findall(r"\w+", member)[-1])
    return names


def members_of(header: str, enum: str) -> list[str]:
    """The enumerators of an enum in order."""
    body = re.search(rf"typedef enum \{{([^}}]*)\}} {enum};", header).group(1)
    return [re.match(r"\w+", member.strip()).group() for member in body.split(",") if member.strip()]


def probe_program(header: str) -> str:
    """A C program that prints every layout and enumerator as JSON."""
    lines = ['#include "pjrt_c_api.h"', "#include <stdio.h>", "int main(void) {", 'puts("{");']
    for name in STRUCTS:
        lines.append(f'printf("\\"{name}\\": {{\\"size\\": %zu, \\"fields\\": {{", (size_t){name}_STRUCT_SIZE);')
        for i, field in enumerate(fields_of(header, name)):
            lines.append(
                f'printf("%s\\"{field}\\": [%zu, %zu]", "{", " if i else ""}",'
                f" offsetof({name}, {field}), sizeof((({name}*)0)->{field}));"
            )
        lines.append('puts("}},");')
    for name, enum in ENUMS.items():
        lines.append(f'printf("\\"{name}\\": {{");')
        for i, member in enumerate(members_of(header, enum)):
            short = member.removeprefix(enum.removesuffix("_Type") + "_").removeprefix("Type_")
            lines.append(f'printf("%s\\"{short}\\": %d", "{", " if i else ""}", (int){member});')
        lines.append('puts("},");')
    lines.append('printf("\\"version\\": [%d, %d]}", PJRT_API_MAJOR, PJRT_API_MINOR); }')
    return "\n".join(lines)


def probe(header_path: pathlib.Path, header: str) -> dict:
    """Compiles and runs the C program."""
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "probe.c"), pathlib.Path(folder, "probe")
        source.write_text(probe_program(header))
        subprocess.run(["gcc", f"-I{header_path.parent}", "-o", binary, source], check=True)
        return json.loads(subprocess.run([binary], check=True, capture_output=True).stdout)


def render(table: dict, slots: list[str], sha256: str) -> str:
    """The TypeScript module."""
    major, minor = table["version"]
    parts = [
        "/**",
        f" * Layouts of the PJRT C API {major}.{minor}, written by tools/generate_pjrt/generate.py: do not edit.",
        " *",
        f" * Source: {HEADER} of {requirement()}, sha256",
        f" * {sha256}.",
        " *",
        " * @module",
        " */",
        "",
        f"/** The version of the header: a plugin is compatible if its major is equal. */\nexport const API_VERSION = [{major}, {minor}] as const;",
        "/** Position of each function in the plugin's table. */",
        f"export const SLOTS = {json.dumps({name: i for i, name in enumerate(slots)})} as const;",
        "/** What `struct_size` has to say of each struct (its bytes without tail padding), and `[offset, size]` of its fields. */",
        f"export const STRUCTS = {json.dumps({name: table[name] for name in STRUCTS})} as const;",
    ]
    for name, enum in ENUMS.items():
        parts.append(f"/** The values of `{enum}`. */\nexport const {name} = {json.dumps(table[name])} as const;")
    return "\n".join(parts) + "\n"


def requirement() -> str:
    """`name==version` of the pinned wheel."""
    return re.search(r"^(\S+==\S+)", (HERE / "requirements.txt").read_text(), re.M).group(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--header", type=pathlib.Path, help="use this header instead of the wheel's")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.header or fetch_header(pathlib.Path(folder))
        raw = path.read_bytes()
        header = re.sub(r"//[^\n]*", "", raw.decode())
        slots = re.findall(r"^\s*_PJRT_API_STRUCT_FIELD\((\w+)\);", header, re.M)
        text = render(probe(path, header), slots, hashlib.sha256(raw).hexdigest())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text)
    subprocess.run(["deno", "fmt", "--quiet", str(options.output)], check=True)


if __name__ == "__main__":
    main()
