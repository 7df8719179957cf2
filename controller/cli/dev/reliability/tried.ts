// What was tried on the controller: a fault each, as many times as the figure says.
import type { Claim } from "./claim.ts";

export const TRIED: readonly Claim[] = [
  {
    id: "simulated-days",
    says: "Whole days of plant, links and brain, simulated with faults drawn from a seed; every invariant is looked at after every tick",
    goal: "10,000 days in the long run, 0 violations",
    least: { village: 400, drawn: 9_600 },
    figure: "{village} days of the village and {drawn} of sites that seeds draw: every invariant held",
    quick: [
      { file: "tests/scenario/simulated-days.test.ts", test: "every invariant holds in the first" },
      {
        file: "tests/scenario/seeded-days.test.ts",
        test: "every invariant holds at every tick of seeded stretches",
      },
    ],
    long: [{ file: "tests/long/simulated-days.test.ts", test: "every invariant holds in" }],
  },
  {
    id: "planted-bugs",
    says: "A bug is planted into brain or hands, and the invariant that names it must catch it",
    goal: "40 or more, all caught",
    least: { planted: 40 },
    figure: "{planted} planted, {caught} caught",
    quick: [{ file: "tests/scenario/planted-bugs.test.ts", test: "so that all are caught" }],
  },
  {
    id: "planted-defects",
    says: "A defect is planted into a copy of the sources, as a sync that is missing or a right too many; the claim of this page that it breaks must turn red there",
    goal: "one or more for every claim, 15 or more in all, every claim red",
    least: { red: 15 },
    most: { left: 0 },
    figure: "{planted} planted, {red} rows turned red; {left} of {rows}, for {claims} claims, left to try",
    quick: [{ file: "tests/laws/planted-defects.test.ts", test: "every claim has a defect" }],
    long: [{ file: "tests/long/planted-defects.test.ts", test: "each that was tried turned its claim red" }],
  },
  {
    id: "kill-journal",
    says: "The writer of the journal is killed (SIGKILL) while it writes",
    goal: "1,000 kills, no acknowledged record lost",
    least: { kills: 1_000 },
    figure: "{kills} kills, {acknowledged} records acknowledged, {lost} of them lost",
    quick: [
      { file: "tests/faults/journal-kill.test.ts", test: "a hundred kills lose no acknowledged record" },
    ],
    long: [{ file: "tests/long/journal-kill.test.ts", test: "a thousand kills lose no acknowledged record" }],
  },
  {
    id: "power-loss",
    says: "The power goes while journal, audit, ledger, secrets, the workshop's queue or the cursor of what goes to InfluxDB are written; the disk drops, tears and fills with holes what was not synced",
    goal: "1,000 cuts, nothing acknowledged is lost, the store goes on; the history has every value again, from the journal",
    least: { journalCuts: 1_000, cuts: 1_000, historyCuts: 200 },
    figure:
      "journal: {journalCuts} cuts, {journal} records acknowledged and there; {stores} other stores: {cuts} cuts, {acknowledged} acknowledged and there; history: {historyCuts} cuts, {historyValues} values there once each",
    quick: [
      { file: "controller/runtime/journal/writer.test.ts", test: "power is lost 1,000 times" },
      { file: "tests/faults/power-loss.test.ts", test: "what was acknowledged is there" },
      { file: "tests/faults/history-power-loss.test.ts", test: "the history has every value once" },
    ],
  },
  {
    id: "disk-full",
    says: "The card takes five seconds for each write, is full, becomes read-only, under the whole village",
    goal: "the loop goes on and obeys, no relay moves by itself, people are told, it recovers by itself",
    most: { moved: 0 },
    figure:
      "{asked} requests made meanwhile, all obeyed at once and in the journal afterwards; of {relays} relays {moved} moved that no decision names; {alarms} alarms, raised and over; the loop at most {lateMs} ms late",
    quick: [{ file: "tests/faults/card.test.ts", test: "under a bad card" }],
  },
  {
    id: "network-toxics",
    says: "The network between the ends of each link is bad: 2 s late, uneven, 1 kB/s, byte by byte, reset, silent",
    goal: "each of them on each link: all goes through, or it is told and goes on by itself; nothing is believed that was not said",
    least: { tried: 18 },
    figure:
      "{toxics} toxics × {links} links. Modbus TCP: {modbus}. MQTT: {mqtt}. InfluxDB: {influx}. (whole: all went through; again: told, and on by itself)",
    quick: [{ file: "tests/links/toxics.test.ts", test: "each was tried on each link" }],
  },
  {
    id: "influx-away",
    says: "InfluxDB is away, for long or again and again, while values come in",
    goal: "72 h at 50 values a second (12.96 million): none missing, none twice",
    least: { values: 12_960_000 },
    figure: "{values} values {how}: each is there, once",
    quick: [{ file: "tests/influx/kills.test.ts", test: "of recorder and database leave no point out" }],
    long: [{ file: "tests/long/metrics-outage.test.ts", test: "ends with every value in the database" }],
  },
  {
    id: "malformed-modbus",
    says: "Modbus replies bent in every way that bytes can be, TCP and RTU",
    goal: "1,000,000: none throws, none is believed wrongly",
    least: { mbap: 500_000, rtu: 500_000 },
    figure: "{mbap} over TCP and {rtu} over RTU: each refused, or believed as it stood there",
    quick: [{ file: "tests/links/mutations.test.ts", test: "bent replies none throws" }],
    long: [{ file: "tests/long/mutations.test.ts", test: "bent replies none throws" }],
  },
  {
    id: "malformed-mqtt",
    says: "MQTT packets bent in every way that bytes can be, through the broker's guard and parser",
    goal: "1,000,000: none throws",
    least: { packets: 1_000_000 },
    figure: "{packets} packets: {refused} refused, {waited} waited for more, {taken} understood; none threw",
    quick: [{ file: "tests/broker/mutations.test.ts", test: "of 100,000 bent packets none throws" }],
    long: [{ file: "tests/long/mqtt-mutations.test.ts", test: "of a million bent packets none throws" }],
  },
  {
    id: "update-killed",
    says: "An update is killed, or the power cut with what was not synced lost, before each of its acts",
    goal: "100 points: the old or the new starts, and reads its data",
    least: { cuts: 100 },
    figure:
      "{kills} kills and {cuts} cuts of the power, {again} more while an update was being brought to its end: each time a whole release started",
    quick: [
      { file: "tests/update/killed.test.ts", test: "the old or the new starts" },
      { file: "controller/runtime/update/course.test.ts", test: "at every act, the old or the new starts" },
    ],
  },
  {
    id: "forged",
    says: "Commands that are forged, expired, used before or in a wrong role; over MQTT, HTTP and by flows",
    goal: "1,000, all refused and audited, what control knows is the same",
    least: { audited: 580, noted: 420 },
    figure:
      "{mqtt} over MQTT, {http} over HTTP, {flows} by flows: all refused; {audited} in the journal, {noted} in the audit, the others of nobody known; state hash equal",
    quick: [
      { file: "tests/faults/forged.test.ts", test: "over MQTT nothing forged" },
      { file: "tests/faults/forged.test.ts", test: "over HTTP and by flows nobody asks" },
    ],
  },
  {
    id: "soak",
    says: "Everything runs on and on: memory, open files and disk of each process over a day at 60×, of the brain over thousands of ticks",
    goal: "24 h of plant time: nothing grows in the later half, 100 MB or less a day on the disk",
    least: { hours: 24 },
    most: { growsMb: 2, heapMb: 0.1, handles: 4, diskMb: 100 },
    figure:
      "{hours} h of the village: in its later half the process that grew most by {growsMb} MB an hour, control's heap by {heapMb} MB an hour, {handles} more open files, {diskMb} MB a day on the disk; {ticks} ticks of the brain: {tickMb} MB more",
    quick: [{ file: "tests/faults/soak.test.ts", test: "hours of ticks leave the heap" }],
    long: [{ file: "tests/long/soak.test.ts", test: "no process grows" }],
  },
  {
    id: "clock-jumps",
    says: "The wall clock is ten years ahead, ten years behind, set back by a second again and again, in 1970 from the start",
    goal: "1,000 jumps and more: nothing that is timed comes at another time",
    least: { jumps: 1_000 },
    figure: "{jumps} jumps; {timed} decisions and commands, each at the very moment of a right clock",
    quick: [{ file: "tests/faults/clock-jumps.test.ts", test: "everything comes at its time" }],
  },
  {
    id: "broker-restarts",
    says: "The broker is restarted in the middle of requests (QoS 1), and brings a kept one with each connection",
    goal: "1,000 restarts, none carried out twice, kept ones refused",
    least: { restarts: 1_000 },
    figure:
      "{restarts} restarts, {asked} requests, {done} carried out once each, {again} that came again refused; those under way in a restart may be lost, and who asked is told",
    quick: [{ file: "tests/faults/broker-restarts.test.ts", test: "sixty restarts of the broker" }],
    long: [{ file: "tests/long/broker-restarts.test.ts", test: "a thousand restarts of the broker" }],
  },
  {
    id: "plant-fights-back",
    says: "The twin's inverter trips, its battery slips, a relay welds, a gateway stands still, over the real sockets of the demo's own processes; what must come of it is written as the field would tell it",
    goal: "every outcome as expected, looked at each plant second",
    least: { stories: 9 },
    figure:
      "{quick} outcomes of one night and {outcomes} of {stories} stories of the manual, from an hour's silence to load rejection at noon: all as expected",
    quick: [{ file: "tests/fights/one-night.test.ts", test: "each is borne and told" }],
    long: [{ file: "tests/long/fights.test.ts", test: "all of them were played" }],
  },
];
