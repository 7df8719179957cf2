// What a panel's options hold, and what they are where nobody sets them. Shares are percent here, as people type them.
import type { Limits } from "./plant.ts";
import { isReadable, ROLE_NAMES, ROLES, type Role } from "./roles.ts";

export interface FlowOptions {
  readonly language: "auto" | "en" | "es";
  readonly view: "picture" | "table";
  /** s without any news after which that is said. */
  readonly newsS: number;
  /** Minutes after which one value is old: gridwright tells what stands unchanged again each quarter of an hour. */
  readonly valueMin: number;
  readonly chargeLow: number;
  readonly chargeEmpty: number;
  readonly gridHighW: number;
  readonly loadsHighW: number;
  readonly roles: Readonly<Record<Role, string>>;
}

export const DEFAULTS: FlowOptions = {
  language: "auto",
  view: "picture",
  newsS: 60,
  valueMin: 20,
  chargeLow: 40,
  chargeEmpty: 20,
  gridHighW: 0,
  loadsHighW: 0,
  roles: ROLES,
};

export const limitsOf = ({ chargeLow, chargeEmpty, gridHighW, loadsHighW }: FlowOptions): Limits => ({
  chargeLow: chargeLow / 100,
  chargeEmpty: chargeEmpty / 100,
  gridHigh: gridHighW,
  loadsHigh: loadsHighW,
});

/** Roles whose line cannot be read. */
export const unreadableRoles = ({ roles }: FlowOptions): readonly Role[] =>
  ROLE_NAMES.filter((role) => !isReadable(roles[role] ?? ""));
