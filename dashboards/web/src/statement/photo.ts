// A photo from a phone as it may leave it: drawn anew on a canvas, so that nothing of place or camera goes with it, and small
// enough for a slow line.
const SIDE_MAX = 1_600;
const QUALITIES = [0.8, 0.6, 0.4] as const;
/** JPEG bytes that the API takes. */
const BYTES_MAX = 600_000;

const toJpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> =>
  new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

/** Base64 of the bytes. */
async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The picture as base64 of a JPEG; undefined: the browser cannot show it, or it stays too large. */
export async function pictureOf(file: Blob): Promise<string | undefined> {
  const drawn = await createImageBitmap(file).catch(() => undefined);
  if (drawn === undefined) return undefined;
  const scale = Math.min(1, SIDE_MAX / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const blob = await toJpeg(canvas, quality);
    if (blob !== null && blob.size <= BYTES_MAX) return base64Of(blob);
  }
  return undefined;
}
