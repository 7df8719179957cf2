// Where backups go, as a person says it: a folder, a stick (usb:/media/stick), or an SFTP server. No password may stand in it.
import { resolve } from "node:path";

export type BackupPlace =
  | { readonly kind: "folder" | "usb"; readonly folder: string }
  | { readonly kind: "sftp"; readonly at: string; readonly port: number; readonly folder: string };

const SFTP_PORT = 22;

/** Undefined: it is none. Host and user are of letters that no program takes for an option. */
function sftpPlace(text: string): BackupPlace | undefined {
  const url = URL.parse(text);
  if (url === null || url.password !== "" || url.username === "") return undefined;
  const at = `${decodeURIComponent(url.username)}@${url.hostname}`;
  if (!/^[\w.-]+@(?:[\w.-]+|\[[\da-f:]+\])$/i.test(at) || at.startsWith("-")) return undefined;
  const folder = decodeURIComponent(url.pathname).replace(/\/$/, "");
  if (folder === "" || /["\\\n*?[\]]/.test(folder)) return undefined;
  return { kind: "sftp", at, port: Number(url.port || SFTP_PORT), folder };
}

/** `/var/backups`, `usb:/media/stick`, `sftp://backup@host:22/folder`. Undefined: it is not understood. */
export function parsePlace(text: string): BackupPlace | undefined {
  if (text.startsWith("sftp:")) return sftpPlace(text);
  const [, usb = "", folder = ""] = /^(usb:)?(.+)$/s.exec(text) ?? [];
  if (folder === "" || /^[a-z]+:\/\//.test(folder)) return undefined;
  return { kind: usb === "" ? "folder" : "usb", folder: resolve(folder) };
}

/** As it is told and logged. */
export const placeText = (place: BackupPlace): string =>
  place.kind === "sftp" ? `sftp://${place.at}:${place.port}${place.folder}` : place.folder;
