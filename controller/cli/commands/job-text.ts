// Jobs and machines as lines of a terminal, in the site's own time.
import { placeOf, type Scene, sceneOf } from "@gridwright/contract/explain/scene.ts";
import { whenText } from "@gridwright/contract/explain/when.ts";
import type { Job, JobOffer, JobsReport } from "@gridwright/contract/jobs.ts";
import { quantityText, render } from "@gridwright/contract/render.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { table } from "./table.ts";

const share = (value: number): string => quantityText(value, "1", "en");

function offerText({ at, endsAt, energyWh, sun, battery, other }: JobOffer, scene: Scene): string {
  const begin = whenText({ at, to: "minute" }, scene);
  const energy = `${begin} to ${scene.clock.minute(endsAt)}, ${quantityText(energyWh, "Wh", "en")}`;
  if (sun === null || battery === null || other === null) return energy;
  return `${energy}: ${share(sun)} sun to spare, ${share(battery)} battery, ${share(other)} grid or set`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What an asker wants to know of a job: its time, why then, and the other one. */
export function jobLines(job: Job, scene: Scene): readonly string[] {
  const { id, machine, state, promise, alternative, why } = job;
  return [
    `${id} on ${scene.names[machine] ?? machine}: ${state}${promise === null ? "" : ` ${offerText(promise, scene)}`}`,
    sentence(render(why, scene)),
    ...(alternative === null || state !== "promised"
      ? []
      : [`Or ${offerText(alternative, scene)}; gridwright job move ${id} takes that.`]),
  ];
}

/** The queue and its machines as two tables. */
export function queueLines({ jobs, machines }: JobsReport, scene: Scene): readonly string[] {
  const time = (at: number | undefined): string =>
    at === undefined ? "" : `${scene.clock.isoDay(at)} ${scene.clock.minute(at)}`;
  const ofJob = ({ id, machine, member, state, promise, energyWh, why }: Job): string[] => [
    ...[id, machine, member ?? "", state, time(promise?.at)],
    ...[energyWh > 0 ? quantityText(energyWh, "Wh", "en") : "", render(why, scene)],
  ];
  const queue = table(["job", "machine", "member", "state", "start", "used", "why"], jobs.map(ofJob), [
    "used",
  ]);
  const ofMachine = (one: JobsReport["machines"][number]): string[] => [
    ...[one.id, one.locked === null ? one.state : "no supply", one.job ?? ""],
    ...[quantityText(one.runMs / 3_600_000, "h", "en"), String(one.starts)],
    one.care
      .map(({ name, leftMs, leftStarts }) => {
        const left = [
          ...(leftMs === undefined ? [] : [quantityText(leftMs / 3_600_000, "h", "en")]),
          ...(leftStarts === undefined ? [] : [`${leftStarts} starts`]),
        ];
        return `${name} in ${left.join(" or ")}`;
      })
      .join("; "),
  ];
  const head = ["machine", "state", "job", "ran", "starts", "care"];
  return [
    ...(jobs.length === 0 ? ["no jobs"] : queue),
    "",
    ...table(head, machines.map(ofMachine), ["ran", "starts"]),
  ];
}

export const sceneAt = (model: SiteModel, now: number): Scene =>
  sceneOf(placeOf(model), { language: "en", now });
