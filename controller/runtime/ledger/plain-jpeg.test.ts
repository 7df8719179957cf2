// What is left of a photo: the picture, and nothing of where and by whom it was taken.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plainJpeg } from "./plain-jpeg.ts";

const segment = (marker: number, text: string): Buffer => {
  const body = Buffer.from(text, "latin1");
  return Buffer.concat([Buffer.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255), body]);
};
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");
const SOI = Buffer.of(0xff, 0xd8);
const PICTURE = Buffer.concat([segment(0xda, "scan"), Buffer.of(7, 0xff, 0x00, 9, 0xff, 0xd9)]);
const JFIF = segment(0xe0, "JFIF");
const TABLES = segment(0xdb, "quantities");
const EXIF = segment(0xe1, "Exif 37.2N 3.6W");
const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

describe("a photo is kept as a picture alone", () => {
  const whole = join(SOI, JFIF, TABLES, PICTURE);
  const table: readonly (readonly [sentence: string, given: Buffer, then: Buffer | undefined])[] = [
    ["one without more stays as it is", whole, whole],
    ["place and camera go", join(SOI, EXIF, JFIF, TABLES, PICTURE), whole],
    [
      "so do a comment and a second profile",
      join(SOI, JFIF, segment(0xfe, "by Ana"), segment(0xe2, "ICC"), TABLES, PICTURE),
      whole,
    ],
    ["what was hung on behind goes", join(whole, Buffer.from("<script>")), whole],
    ["a PNG is none", Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a), undefined],
    ["a page that calls itself one is none", Buffer.from("<svg onload=alert(1)>"), undefined],
    ["one that was cut in a segment is none", whole.subarray(0, 9), undefined],
    ["one without its end is none", whole.subarray(0, -2), undefined],
    ["an empty one is none", Buffer.alloc(0), undefined],
  ];
  for (const [sentence, given, then] of table)
    it(sentence, () => assert.deepEqual(hex(plainJpeg(given)), hex(then)));
});
