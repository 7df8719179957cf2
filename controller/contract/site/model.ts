// The site as the rest of the program uses it: profiles joined in, bindings resolved, the tree linked. Built once
// per configuration by compileSite; plain readonly data.
import type { PointName, Unit } from "../points.ts";
import type { Profile } from "../profile.ts";
import type { Millis } from "../units.ts";
import type { Asset } from "./assets.ts";
import type { DeviceSpec, Link, Site } from "./site.ts";
import type { ZoneShift } from "./zone.ts";

export interface DeviceModel {
  readonly id: string;
  readonly spec: DeviceSpec;
  readonly link: Link;
  readonly profile: Profile;
  /** All point names this device has, channels expanded (`relay_1` …). */
  readonly points: readonly string[];
}

/** An asset's point and where it comes from. Its name is `asset/point`. */
export interface Channel {
  readonly asset: string;
  /** Name under the asset: `power`, `voltage_l1`, `switch` (supply: true) or `limit`. */
  readonly point: string;
  /** `device/point`. */
  readonly source: string;
  readonly unit: Unit;
}

export interface Actuator {
  readonly asset: string;
  readonly device: string;
  /** Point of the device. */
  readonly point: string;
  readonly kind: "switch" | "limit" | "setpoint";
  /** Coil energised means supply off. */
  readonly inverted: boolean;
  /** Supply state without any command: what the device falls back to. A limit is then 1 (or 0), a setpoint 0. */
  readonly silent: boolean | "hold";
  /** The share that the device of a limit keeps to by itself, where the site declares one below full power. */
  readonly silentShare?: number;
  /** Value of its point at which a share is 1, in the point's unit; none: the point is a share itself. */
  readonly full?: number;
  /** The device counts the lease itself. */
  readonly leases: boolean;
  /** Never written: it feeds the controller. */
  readonly locked: boolean;
}

export interface AssetModel {
  readonly id: string;
  readonly spec: Asset;
  readonly children: readonly string[];
  /** Point name → `device/point`. */
  readonly points: Readonly<Record<string, string>>;
  readonly actuator?: Actuator;
}

export interface SiteModel {
  readonly site: Site;
  /** Changes when the site file or a profile it uses changes. */
  readonly hash: string;
  readonly devices: Readonly<Record<string, DeviceModel>>;
  readonly assets: Readonly<Record<string, AssetModel>>;
  readonly channels: readonly Channel[];
  /** `device/point` → what it is, for every point of every device, in a stable order. */
  readonly sources: ReadonlyMap<string, Source>;
  /** When local time shifts against UTC: where the days of the site begin. */
  readonly zone: readonly ZoneShift[];
}

/** A point of a device. */
export interface Source {
  readonly device: string;
  readonly point: string;
  readonly name: PointName;
  /** Points that are read together and therefore share their age: `device:normal`. */
  readonly group: string;
  /** Expected time between two readings, in ms. */
  readonly periodMs: Millis;
}

/** A mistake in a document; `path` are the keys down to it. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
