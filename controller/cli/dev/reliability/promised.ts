// What the controller promises: requirements, each with the test that would see it broken.
import type { Claim } from "./claim.ts";

export const PROMISED: readonly Claim[] = [
  {
    id: "R1",
    says: "After a first start nothing listens beyond this machine",
    goal: "0 sockets beyond loopback",
    most: { beyond: 0 },
    figure: "{sockets} sockets listen, {beyond} beyond loopback",
    quick: [{ file: "tests/deploy/processes.test.ts", test: "the set-up link is in memory alone" }],
  },
  {
    id: "R2",
    says: "There is no default secret: the first start makes random ones",
    goal: "1,000 first starts share none; 128 bits or more",
    least: { starts: 1_000, bits: 128 },
    figure: "{starts} first starts, {secrets} secrets, all different, {bits} bits or more",
    quick: [
      { file: "tests/deploy/first-starts.test.ts", test: "1,000 first starts" },
      { file: "controller/runtime/secrets/secrets.test.ts", test: "the first start makes every credential" },
    ],
  },
  {
    id: "R3",
    says: "Passwords are kept as argon2id, and a flood of them is turned away",
    goal: "argon2id, 19 MiB or more",
    least: { memoryKb: 19_456 },
    figure: "argon2id with {memoryKb} KiB, {passes} passes; {atOnce} at once, more are turned away",
    quick: [
      { file: "controller/runtime/people/password.test.ts", test: "more at once than the memory bears" },
    ],
  },
  {
    id: "R4",
    says: "Each device has a credential, a client id and topics of its own",
    goal: "no device publishes, hears or keeps what is another's",
    figure: "{rights} rights looked at, of which {refused} must not be and are not",
    quick: [
      { file: "controller/runtime/secrets/secrets.test.ts", test: "each credential may do its own part" },
      { file: "tests/broker/broker.test.ts", test: "a client id belongs to its credential" },
    ],
  },
  {
    id: "R5",
    says: "Beyond this machine page, broker and database are TLS by the site's own authority; no program of ours switches the check of certificates off",
    goal: "no connection that believes any certificate",
    figure:
      "{files} source files, {unchecked} that do not check; a strange authority and a wrong name are refused",
    quick: [
      { file: "tests/laws/certificates.test.ts", test: "no source believes any certificate" },
      {
        file: "controller/runtime/tls/site-tls.test.ts",
        test: "who installed the authority trusts the page",
      },
      { file: "controller/runtime/web/secure.test.ts", test: "plain HTTP gets nothing there" },
      { file: "tests/broker/network-tls.test.ts", test: "without a plain device nothing there answers" },
      { file: "tests/influx/tls.test.ts", test: "who names none, or another one, writes nothing" },
    ],
  },
  {
    id: "R6",
    says: "Requests carry issuer, role, sequence and an end, and are signed; used ones are refused",
    goal: "each way to be wrong is refused with its reason",
    figure: "{ways} ways to be wrong, each refused with its reason",
    quick: [
      { file: "controller/runtime/bus/requests.test.ts", test: "what the gate refuses, and why" },
      { file: "controller/runtime/bus/requests.test.ts", test: "a replay after the answer is refused" },
    ],
  },
  {
    id: "R7",
    says: "Roles: every route of the API is asked by everybody who may ask",
    goal: "who may not is refused, on every route",
    figure: "{routes} routes × {askers} askers: {passed} let in, {stopped} refused, as the table says",
    quick: [{ file: "controller/runtime/web/access.test.ts", test: "every route has a row" }],
  },
  {
    id: "R8",
    says: "Flows run as a user of their own; code that breaks out of Node-RED's sandbox finds nothing of ours",
    goal: "no file, no program, no process",
    figure: "as {user}; {tried} ways out tried, {worked} worked",
    quick: [
      { file: "tests/flows/contained.test.ts", test: "code that breaks out of the sandbox" },
      { file: "tests/deploy/units.test.ts", test: "the flows have a user of their own" },
    ],
  },
  {
    id: "R9",
    says: "The page: changes from foreign pages are refused, guessed passwords must wait",
    goal: "all refused and audited; of 1,000 guesses a handful is looked at",
    figure: "{foreign} foreign changes refused and audited; of {guesses} guesses {looked} looked at",
    quick: [
      { file: "controller/runtime/web/schema-fuzz.test.ts", test: "a change from a foreign page is refused" },
      { file: "controller/runtime/people/people.test.ts", test: "of 1,000 wrong passwords" },
      { file: "controller/runtime/web/web.test.ts", test: "every answer carries the security headers" },
    ],
  },
  {
    id: "R10",
    says: "The audit log is chained: a flipped bit is found",
    goal: "1,000 bits flipped in 1,000 places, 1,000 found",
    least: { found: 1_000 },
    figure: "{flipped} flipped, {found} found",
    quick: [{ file: "controller/runtime/people/audit.test.ts", test: "of 1,000 bits flipped" }],
  },
  {
    id: "R11",
    says: "An update is believed by its signature alone, and taken back when it does not come up",
    goal: "a changed bit is refused, or changes nothing of what was signed",
    figure:
      "{flipped} flipped bits: {refused} refused, {asSigned} installed what was signed, none anything else",
    quick: [
      { file: "controller/runtime/update/bundle.test.ts", test: "five hundred flipped bits" },
      { file: "controller/runtime/update/course.test.ts", test: "that does not is taken back with its data" },
    ],
  },
  {
    id: "R12",
    says: "A lockfile, a bill of materials for each release, install scripts off, licences and a deny-list gone through",
    goal: "no package without hash, licence and reason",
    figure: "{packages} packages accounted for; {amd64} in a release for amd64, {arm64} for arm64",
    quick: [{ file: "tests/deploy/dependencies.test.ts", test: "holds what runs, that machine's Node" }],
  },
  {
    id: "R13",
    says: "Each process is confined by systemd",
    goal: "exposure 2.0 or less by systemd's own measure",
    most: { exposure: 2 },
    figure: "{units} units, the most exposed {exposure}",
    quick: [{ file: "tests/deploy/units.test.ts", test: "exposure by systemd-analyze" }],
  },
  {
    id: "R14",
    says: "Every message passes a schema and caps of size and depth",
    goal: "a body bent in one place is refused on every route; MQTT 64 kB, HTTP 1 MB",
    figure: "{bent} bent bodies refused, each named, none changed anything",
    quick: [
      { file: "controller/runtime/web/schema-fuzz.test.ts", test: "a body that breaks the description" },
      { file: "controller/runtime/web/fuzz.test.ts", test: "larger than a megabyte" },
      { file: "controller/runtime/broker/packet-guard.test.ts", test: "a packet is judged" },
      { file: "tests/broker/broker.test.ts", test: "an oversized packet ends its connection" },
    ],
  },
  {
    id: "R15",
    says: "SECURITY.md says how to report a flaw and for how long versions are mended",
    goal: "contact, time to an answer, support period",
    figure:
      "an answer within {answerDays} days, a cure within {cureDays}, the release before mended for {supportMonths} months",
    quick: [{ file: "tests/laws/security-page.test.ts", test: "says whom to tell, by when" }],
  },
  {
    id: "R16",
    says: "A member's data can be exported and erased",
    goal: "all that is kept is told, no name stays",
    figure: "{told} kinds of what is kept of a member told; their name stays in {left} places",
    quick: [{ file: "controller/runtime/people/people.test.ts", test: "an export tells all that is kept" }],
  },
  {
    id: "R17",
    says: "Every port of a running village is flooded: half-open sockets, bytes that mean nothing, requests as fast as they go",
    goal: "the loop goes on, no process ends",
    figure:
      "{broker} connections thrown at the broker, {page} at the page; control ticked {ticks} times meanwhile, at most {lateMs} ms late ({calmMs} before)",
    quick: [
      { file: "tests/faults/flood.test.ts", test: "stops no tick, ends no process" },
      { file: "tests/broker/broker.test.ts", test: "2,000 half-open sockets" },
      { file: "tests/flows/contained.test.ts", test: "a flood of wishes is a wish a second" },
    ],
  },
  {
    id: "R18",
    says: "An uncaught exception in control: relays hold, it ends with the bug in its log, and a new one takes over",
    goal: "again within 2 s",
    most: { slowestMs: 2_000 },
    figure:
      "{times} times in a row, each load kept its supply; gone within {goneMs} ms, and {quickestMs} to {slowestMs} ms after the exception the page hears that a new one decides, the supervisor's pauses of 100, 200 and 400 ms between quick ends among it",
    quick: [
      { file: "tests/faults/uncaught.test.ts", test: "ends it; relays hold" },
      { file: "tests/deploy/units.test.ts", test: "who ended is back within 2 s" },
    ],
  },
];
