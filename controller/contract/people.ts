// What is said to sign in, to invite and be invited, and what is told of accounts and of who did what.
// A person's name is kept in one place; everywhere else stands an id that says nothing, so that it can be erased.
import { z } from "zod";
import { PASSWORD_CHARS_MIN, PERSON_ROLES, SCOPES } from "./roles.ts";

const LOGIN_CHARS_MAX = 40;
/** No longer text is hashed. */
const PASSWORD_CHARS_MAX = 200;
const TOKEN_DAYS_MAX = 366;
const SECRET_CHARS_MAX = 100;

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const Login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, "letters, digits, dot, dash")
  .max(LOGIN_CHARS_MAX);
const PersonName = z.string().trim().min(1).max(60);
const NewPassword = z
  .string()
  .min(PASSWORD_CHARS_MIN, `at least ${PASSWORD_CHARS_MIN} characters`)
  .max(PASSWORD_CHARS_MAX);
const GivenPassword = z.string().min(1).max(PASSWORD_CHARS_MAX);
const Secret = z.string().min(16).max(SECRET_CHARS_MAX);
const Role = z.enum(PERSON_ROLES);

export const SignIn = z.strictObject({ login: Login, password: GivenPassword });
/** Takes an invitation; a screen in the workshop takes one without a password and only shows. */
export const Join = z.discriminatedUnion("as", [
  z.strictObject({
    as: z.literal("person"),
    invite: Secret,
    login: Login,
    name: PersonName,
    password: NewPassword,
  }),
  z.strictObject({ as: z.literal("screen"), invite: Secret }),
]);
export type Join = z.output<typeof Join>;
export type JoinAsPerson = Extract<Join, { as: "person" }>;
export const NewInvite = z.strictObject({
  role: Role,
  member: Slug.optional().describe("the house in site.yaml whose loads are this person's"),
  screen: z.boolean().default(false).describe("for a screen that only shows; it needs no password"),
});
export type NewInvite = z.output<typeof NewInvite>;
export const NewToken = z.strictObject({
  name: PersonName,
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  days: z.int().min(1).max(TOKEN_DAYS_MAX),
});
export type NewToken = z.output<typeof NewToken>;
export const NewOwnPassword = z.strictObject({ old: GivenPassword, password: NewPassword });
export const AccountChange = z.strictObject({ role: Role, member: Slug.nullable() });
export type AccountChange = z.output<typeof AccountChange>;
export const DemoRole = z.strictObject({ role: Role });
export const ById = z.strictObject({ id: Slug });
export const AuditAsked = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(500))
    .default(100)
    .describe("newest so many, 1 to 500"),
});

/** Who asks, as the page may know it. */
export const Person = z
  .strictObject({
    id: Slug,
    name: z.string(),
    role: Role,
    member: Slug.optional(),
    via: z.enum(["session", "screen", "token", "demo"]),
  })
  .meta({ id: "Person" });
export type Person = z.output<typeof Person>;

export const MeAnswer = z.strictObject({
  person: Person.nullable(),
  demo: z.boolean().describe("a simulated plant on this machine: everybody may take any role"),
  fresh: z.boolean().describe("nobody has an account yet; the set-up link stands in the terminal"),
});

const AccountAnswer = z.strictObject({
  id: Slug,
  login: z.string(),
  name: z.string(),
  role: Role,
  member: Slug.optional(),
  createdAt: z.number(),
});
export const AccountsAnswer = z.array(AccountAnswer);
export type AccountsAnswer = z.output<typeof AccountsAnswer>;
const InviteAnswer = z.strictObject({
  id: Slug,
  role: Role,
  member: Slug.optional(),
  screen: z.boolean(),
  expiresAt: z.number(),
});
export const InvitesAnswer = z.array(InviteAnswer);
export type InvitesAnswer = z.output<typeof InvitesAnswer>;
const TokenAnswer = z.strictObject({
  id: Slug,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  expiresAt: z.number(),
});
export const TokensAnswer = z.array(TokenAnswer);
/** Shown once; only its hash is kept. */
export const SecretAnswer = z.strictObject({ id: Slug, secret: z.string(), expiresAt: z.number() });
export type SecretAnswer = z.output<typeof SecretAnswer>;

/** What is kept of who did what; `who` is an account's id, or `nobody`. */
const AUDIT_DEEDS = [
  "set-up-link",
  "joined",
  "signed-in",
  "sign-in-refused",
  "signed-out",
  "invited",
  "invite-withdrawn",
  "account-changed",
  "account-removed",
  "password-changed",
  "token-made",
  "token-withdrawn",
  "asked",
  "refused",
  "exported",
] as const;
export const AuditEntry = z.strictObject({
  n: z.int().min(1),
  t: z.number(),
  who: z.string(),
  did: z.enum(AUDIT_DEEDS),
  about: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  prev: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.output<typeof AuditEntry>;
export type AuditDeed = (typeof AUDIT_DEEDS)[number];
export const AuditAnswer = z.strictObject({
  whole: z.boolean().describe("every entry's hash still fits the one before it"),
  entries: z.array(AuditEntry),
  names: z.record(z.string(), z.string()).describe("account id → name, of those who have an account"),
});
export type AuditAnswer = z.output<typeof AuditAnswer>;
