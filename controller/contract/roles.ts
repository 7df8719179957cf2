// Roles of people and scopes of tokens, for everybody: the page takes them without the schemas of people.ts.

/** Each may do what those before it may. */
export const PERSON_ROLES = ["viewer", "member", "technician", "admin"] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** True when `role` may do what needs `least`. */
export const mayAs = (role: PersonRole, least: PersonRole): boolean =>
  PERSON_ROLES.indexOf(role) >= PERSON_ROLES.indexOf(least);

/** What a personal access token may do; never more than its owner may. Accounts are out of its reach. */
export const SCOPES = ["read", "request", "flow"] as const;
export type Scope = (typeof SCOPES)[number];

/** A training at a machine holds at most so long. */
export const TRAINING_DAYS_MAX = 3_660;

/** OWASP: long ones are stronger than odd ones. */
export const PASSWORD_CHARS_MIN = 10;
