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
const Time = z.int().min(0).max(1e14);

const Code = z.string().min(6).max(40);
export const SignIn = z.strictObject({
  login: Login,
  password: GivenPassword,
  code: Code.optional().describe("of the second step, or a recovery code; asked for by status 428"),
});
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
  until: Time.optional().describe(
    "a guest, viewer or member: the account ends by itself then (ms since 1970 UTC)",
  ),
});
export type NewInvite = z.output<typeof NewInvite>;
export const NewToken = z.strictObject({
  name: PersonName,
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  days: z.int().min(1).max(TOKEN_DAYS_MAX),
});
export type NewToken = z.output<typeof NewToken>;
export const NewOwnPassword = z.strictObject({ old: GivenPassword, password: NewPassword });
/** Takes the one-time link by which an admin lets somebody choose a new password. */
export const TakeReset = z.strictObject({ reset: Secret, password: NewPassword, code: Code.optional() });
export type TakeReset = z.output<typeof TakeReset>;
export const AccountChange = z.strictObject({
  role: Role,
  member: Slug.nullable(),
  until: Time.nullable().optional().describe("a guest's end; null: no guest; missing: as it is"),
});
export type AccountChange = z.output<typeof AccountChange>;
export const GivenCode = z.strictObject({ code: Code });
export const SecondBegin = z.strictObject({ password: GivenPassword });
export const SecondRule = z.strictObject({
  from: z
    .enum(["technician", "admin"])
    .nullable()
    .describe("from this role on a second step is a must; null: from none"),
});
export type SecondRule = z.output<typeof SecondRule>;
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
    until: z.number().optional().describe("a guest: until when"),
    secondDue: z
      .literal(true)
      .optional()
      .describe("the second step must be set up before anything else can be done"),
    via: z.enum(["session", "screen", "token", "demo"]),
  })
  .meta({ id: "Person" });
export type Person = z.output<typeof Person>;

export const MeAnswer = z.strictObject({
  person: Person.nullable(),
  demo: z.boolean().describe("a simulated plant on this machine: everybody may take any role"),
  fresh: z.boolean().describe("nobody has an account yet; the set-up link stands in the terminal"),
});

const InviteAnswer = z.strictObject({
  id: Slug,
  role: Role,
  member: Slug.optional(),
  screen: z.boolean(),
  until: z.number().optional().describe("for a guest"),
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
export type TokensAnswer = z.output<typeof TokensAnswer>;
const AccountAnswer = z.strictObject({
  id: Slug,
  login: z.string(),
  name: z.string(),
  role: Role,
  member: Slug.optional(),
  createdAt: z.number(),
  until: z.number().optional().describe("a guest: until when, also where that is over"),
  second: z.boolean().describe("it has a second step of signing in"),
  tokens: TokensAnswer.describe("what programs may do in its name"),
});
export const AccountsAnswer = z.array(AccountAnswer);
export type AccountsAnswer = z.output<typeof AccountsAnswer>;
const SessionAnswer = z.strictObject({
  id: Slug,
  createdAt: z.number(),
  seenAt: z.number().describe("last used, to the day"),
  device: z.string().optional().describe("browser and system, as it named itself"),
  current: z.boolean().describe("the one that asks"),
});
/** Where one is signed in; of screens, those that are let in. */
export const SessionsAnswer = z.array(SessionAnswer);
export type SessionsAnswer = z.output<typeof SessionsAnswer>;
export const SecondAnswer = z.strictObject({
  on: z.boolean(),
  must: z.boolean().describe("one's role must have it"),
  recoveryLeft: z.int().describe("recovery codes that were not used yet"),
});
export type SecondAnswer = z.output<typeof SecondAnswer>;
/** For the authenticator on a phone; shown once. */
export const SecondOffer = z.strictObject({ secret: z.string(), uri: z.string() });
export type SecondOffer = z.output<typeof SecondOffer>;
/** Shown once; only their hashes are kept. */
export const RecoveryAnswer = z.strictObject({ codes: z.array(z.string()) });
export type RecoveryAnswer = z.output<typeof RecoveryAnswer>;
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
  "reset-made",
  "password-reset",
  "session-ended",
  "sessions-ended",
  "screen-ended",
  "second-on",
  "second-off",
  "second-cleared",
  "second-rule",
  "recovery-used",
  "code-refused",
  "token-made",
  "token-withdrawn",
  "machine-held",
  "machine-released",
  "meter-read",
  "alert-tried",
  "push-on",
  "push-off",
  "guest-ended",
  "contested",
  "ruled",
  "corrected",
  "training-given",
  "training-withdrawn",
  "job-confirmed",
  "proposed",
  "consented",
  "proposal-withdrawn",
  "end-proposed",
  "flows-restored",
  "flows-untried",
  "flows-taken-back",
  "emergency-declared",
  "emergency-ended",
  "asked",
  "refused",
  "exported",
  "page-opened",
  "page-closed",
  "broker-opened",
  "broker-closed",
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
