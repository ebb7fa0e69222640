/** Parsers over bytes, without files, network or tensors. @module */
export type { ByteChunks } from "./byte_stream.ts";
export { crc32c } from "./crc32c.ts";
export { DataFormatError, type Place } from "./data_format_error.ts";
export { encodeVtk, type EncodeVtkOptions, type MeshToWrite } from "./encode_vtk.ts";
export { type EdgeList, parseEdgeList } from "./edge_list.ts";
export {
  decodeExample,
  decodeSequenceExample,
  encodeExample,
  encodeSequenceExample,
  type Example,
  type Feature,
  type SequenceExample,
} from "./example.ts";
export {
  decodeTfRecords,
  type DecodeTfRecordsOptions,
  encodeTfRecord,
  type TfRecord,
} from "./tfrecord.ts";
export { type Atom, type Bond, type Molecule, parseSdf } from "./sdf.ts";
export { parseGmsh } from "./gmsh.ts";
export {
  type MatComplex,
  type MatItems,
  type MatSparse,
  type MatStruct,
  type MatValue,
  parseMat,
} from "./mat.ts";
export { parseMatMesh } from "./mat_mesh.ts";
export type { Mesh, MeshCells } from "./mesh.ts";
export { type NodeLinkGraph, parseNodeLink } from "./node_link.ts";
export { encodeNpy, parseNpy } from "./npy.ts";
export { parseObj } from "./obj.ts";
export { parseOff } from "./off.ts";
export { parsePly } from "./ply.ts";
export { encodeSafetensors, parseSafetensors, type Safetensors } from "./safetensors.ts";
export { parseStl } from "./stl.ts";
export { parseVtk } from "./vtk.ts";
export { parseXyz, type XyzFrame } from "./xyz.ts";
