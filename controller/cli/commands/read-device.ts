// Reads devices directly: past the controller, or before there is one. Shows the registers behind each value.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type DirectDevice, openDirect, type ReadRow } from "@gridwright/runtime/commission/direct-read.ts";
import { placeOf } from "@gridwright/runtime/modbus/wire.ts";
import type { Reader, Round } from "./read.ts";
import { rawText, sampleText, valueText } from "./reading-text.ts";
import { findTarget, type Named } from "./target.ts";

export interface DeviceReaderOptions {
  readonly signal: AbortSignal;
  /** Control runs and holds its own connections. */
  readonly beside: boolean;
  readonly raw: boolean;
}

const whereOf = ({ link, spec, profile }: DeviceModel): string =>
  link.kind === "mqtt" || link.kind === "box"
    ? link.kind
    : `${placeOf(link)}, unit ${spec.unit}, profile ${profile.profile}`;

interface Line {
  readonly name: string;
  readonly source: string;
  readonly row: ReadRow | undefined;
}

function textOf({ name, row }: Line, raw: boolean): readonly string[] {
  if (row === undefined) return [name, "-", "", "the profile does not say"];
  const { value, unit, quality } = sampleText(row.sample);
  return [name, value, unit, quality, ...(raw ? rawText(row.raw) : [])];
}

const isFitted = ({ row }: Line): boolean =>
  row === undefined || !("absent" in row.sample) || row.sample.absent !== "not-fitted";

/** What a whole device does not have is named below the table; one point that was asked for has its line. */
function shownOf(lines: readonly Line[]): { readonly rows: readonly Line[]; readonly note?: string } {
  const rows = lines.filter(isFitted);
  if (rows.length === 0 || rows.length === lines.length) return { rows: lines };
  const lacking = lines.filter((line) => !isFitted(line)).map(({ name }) => name);
  return { rows, note: `This device does not have: ${lacking.join(", ")}` };
}

const dataOf = ({ name, source, row }: Line) => ({
  point: name,
  source,
  ...(row && { ...row.sample, point: name }),
  ...(row?.raw && { registers: row.raw }),
  ...(row?.hint && { hint: row.hint }),
});

/** What would make sense with the words turned round, and the cure. */
function turnedNote(lines: readonly Line[]): readonly string[] {
  const hints = lines.flatMap(({ name, row }) => (row?.hint === undefined ? [] : [{ name, hint: row.hint }]));
  const [first] = hints;
  if (first === undefined) return [];
  const said = hints.map(({ name, hint }) => `${name} ${valueText(hint.point, hint.value).join(" ").trim()}`);
  return [
    `With the words the other way round it would be: ${said.join(", ")}. Where the manual agrees, write words: ${first.hint.words} at these points of the profile.`,
  ];
}

/** What to look at first. A port that is not there is nobody else's; a silent unit may be another's number. */
function cureOf({ code }: GridwrightError, { link }: DeviceModel, beside: boolean): string {
  const serial = link.kind === "modbus-rtu" || link.kind === "modbus-rtu-tcp";
  if (code === "request-timeout")
    return serial ? " Are unit id, baud and parity those of the device?" : " Is the unit id the device's?";
  if (code !== "link-down" || link.kind === "modbus-rtu") return "";
  return beside
    ? " The running controller holds a connection to it, and some devices take only one: read without --raw, or stop it."
    : "";
}

function named(error: unknown, device: DeviceModel, beside: boolean): unknown {
  if (!(error instanceof GridwrightError) || error.code === "internal" || error.code === "usage")
    return error;
  const message =
    `${device.id} (${whereOf(device)}): ${error.message}.${cureOf(error, device, beside)}`.replace(
      /\.\.( |$)/,
      ".$1",
    );
  return new GridwrightError(error.code, message, { place: { device: device.id }, cause: error });
}

/** Opens the devices behind `text` of the site. Rejects with `usage`, `link-down`, … */
export async function openDeviceReader(
  model: SiteModel,
  text: string,
  { signal, beside, raw }: DeviceReaderOptions,
): Promise<Reader> {
  const target = findTarget(model, text);
  const byDevice = Map.groupBy(target.points, ({ source }) => source.split("/")[0] ?? "");
  const open = new Map<string, DirectDevice>();
  const close = async (): Promise<void> => {
    for (const device of open.values()) device.close();
  };

  async function readOne(id: string, points: readonly Named[]): Promise<readonly Line[]> {
    const device = model.devices[id];
    if (device === undefined) return [];
    try {
      const direct = open.get(id) ?? (await openDirect(device, hostClock(), signal));
      open.set(id, direct);
      const rows = await direct.read();
      return points.map(({ name, source }) => ({
        ...{ name, source },
        row: rows.find(({ point }) => `${id}/${point}` === source),
      }));
    } catch (error) {
      throw named(error, device, beside);
    }
  }

  return {
    close,
    async read(): Promise<Round> {
      const lines: Line[] = [];
      for (const [id, points] of byDevice) lines.push(...(await readOne(id, points)));
      const where = [...byDevice.keys()].flatMap((id) => {
        const device = model.devices[id];
        return device === undefined ? [] : [`${id} (${whereOf(device)})`];
      });
      const { rows, note: lacking } = shownOf(lines);
      const note = [...(lacking === undefined ? [] : [lacking]), ...turnedNote(lines)].join("\n");
      return {
        title: `${target.id}, read from ${where.join(" and ")}`,
        head: ["POINT", "VALUE", "UNIT", "QUALITY", ...(raw ? ["REGISTERS", "HEX", "SCALE"] : [])],
        rows: rows.map((line) => textOf(line, raw)),
        data: lines.map(dataOf),
        ...(note !== "" && { note }),
      };
    },
  };
}
