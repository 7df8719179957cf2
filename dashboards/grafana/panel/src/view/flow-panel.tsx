// The panel: what came, as a picture or a table, how old it is, and what cannot be shown. It asks nothing by itself: Grafana
// brings the data and the time range.
import { cx } from "@emotion/css";
import { FieldType, getDisplayProcessor, LoadingState, type PanelProps } from "@grafana/data";
import { RadioButtonGroup, useStyles2, useTheme2 } from "@grafana/ui";
import React, { useEffect, useMemo, useState } from "react";
import { readingsOf } from "../frames.ts";
import { type Plant, plantOf } from "../plant.ts";
import { type FlowOptions, limitsOf, unreadableRoles } from "../settings.ts";
import { ageText, type Telling } from "../tell.ts";
import { languageOf, type Say, sayIn } from "../words.ts";
import { AssetLists, PartsTable } from "./lists.tsx";
import { Picture } from "./picture.tsx";
import { type Styles, stylesOf } from "./styles.ts";

type Props = PanelProps<FlowOptions>;

const TICK_MS = 1_000;
/** Width from which the picture stands beside the lists, px. */
const WIDE_PX = 640;
/** What stands above the picture, px. */
const HEAD_PX = 44;
const PICTURE_PX_MIN = 220;
/** The lists' font grows with the panel: a wall screen is read from afar. */
const fontOf = (width: number): number => Math.min(28, Math.max(14, width / 80));

/** The present, each second anew. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A dashboard that looks at another day has that day's end for its present. */
const isLive = ({ timeRange }: Props): boolean => String(timeRange.raw.to).startsWith("now");

function usePowerText({ fieldConfig }: Props): (watts: number) => string {
  const theme = useTheme2();
  return useMemo(() => {
    const config = { ...fieldConfig.defaults, unit: fieldConfig.defaults.unit ?? "watt" };
    const display = getDisplayProcessor({ field: { type: FieldType.number, config }, theme });
    return (watts) => {
      const { prefix = "", text, suffix = "" } = display(watts);
      return `${prefix}${text}${suffix}`;
    };
  }, [fieldConfig.defaults, theme]);
}

function usePlant({ data, options, replaceVariables }: Props, now: number): Plant {
  const readings = useMemo(() => readingsOf(data.series), [data.series]);
  return useMemo(() => {
    const named = Object.entries(options.roles).map(([role, line]) => [role, replaceVariables(line)]);
    return plantOf({
      ...{ readings, roles: Object.fromEntries(named), limits: limitsOf(options) },
      present: { now, valueMs: options.valueMin * 60_000 },
    });
  }, [readings, options, replaceVariables, now]);
}

interface NewsProps {
  readonly props: Props;
  readonly plant: Plant;
  readonly telling: Telling;
  readonly styles: Styles;
}

/** How old what is shown is. What is wrong is announced, what is right only shown. */
function News({ props, plant, telling, styles }: NewsProps): React.JSX.Element {
  const { say, now } = telling;
  const ago = ageText(now - (plant.newest ?? now));
  const silent = plant.newest !== undefined && now - plant.newest > props.options.newsS * 1_000;
  const unread = unreadableRoles(props.options).join(", ");
  const wrong = [
    props.data.state === LoadingState.Error && say("failed"),
    isLive(props) && silent && say("noNews", { ago }),
    unread !== "" && say("unreadable", { roles: unread }),
  ].filter((text) => typeof text === "string");
  const right = isLive(props)
    ? say("lastNews", { ago })
    : say("asOf", { time: props.timeRange.to.format("YYYY-MM-DD HH:mm") });
  return (
    <div>
      <div role="status" className={cx(wrong.length > 0 && styles.trouble)}>
        {wrong.join(" · ")}
      </div>
      {wrong.length === 0 && plant.newest !== undefined && <div className={styles.news}>{right}</div>}
    </div>
  );
}

interface BodyProps {
  readonly plant: Plant;
  readonly telling: Telling;
  readonly styles: Styles;
  readonly view: FlowOptions["view"];
  readonly width: number;
  readonly height: number;
}

function Body({ plant, telling, styles, view, width, height }: BodyProps): React.JSX.Element {
  const shared = { styles, telling };
  const wide = width >= WIDE_PX && plant.loads.length + plant.machines.length > 0;
  const heightMax = Math.max(PICTURE_PX_MIN, height - HEAD_PX);
  const table = <PartsTable nodes={plant.nodes} {...shared} />;
  const first =
    view === "table" ? (
      table
    ) : (
      <div>
        <Picture nodes={plant.nodes} width={wide ? width / 2 : width} heightMax={heightMax} {...shared} />
        <div className={styles.readers}>{table}</div>
      </div>
    );
  return (
    <section
      className={cx(styles.body, wide && styles.wide)}
      style={{ fontSize: fontOf(width) }}
      aria-label={telling.say("caption")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reached by the keyboard
      tabIndex={0}
    >
      {first}
      <AssetLists plant={plant} {...shared} />
    </section>
  );
}

function Nothing({ say, styles }: { readonly say: Say; readonly styles: Styles }): React.JSX.Element {
  return (
    <div>
      <p>{say("nothing")}</p>
      <p className={styles.news}>{say("nothingWhy")}</p>
    </div>
  );
}

export function FlowPanel(props: Props): React.JSX.Element {
  const { options, timeRange, width, height } = props;
  const clock = useNow();
  const now = isLive(props) ? clock : timeRange.to.valueOf();
  const styles = useStyles2(stylesOf);
  const power = usePowerText(props);
  const plant = usePlant(props, now);
  const say = sayIn(languageOf(options.language, document.documentElement.lang || navigator.language));
  const [view, setView] = useState(options.view);
  const share = (part: number): string => `${Math.round(100 * part)} %`;
  const telling: Telling = { say, power, share, now };
  const views = [
    { label: say("picture"), value: "picture" as const },
    { label: say("table"), value: "table" as const },
  ];
  return (
    <div className={styles.panel} lang={options.language === "auto" ? undefined : options.language}>
      <div className={styles.head}>
        <News {...{ props, plant, telling, styles }} />
        <RadioButtonGroup
          aria-label={say("shown")}
          size="sm"
          options={views}
          value={view}
          onChange={setView}
        />
      </div>
      {plant.nodes.length === 0 ? (
        <Nothing {...{ say, styles }} />
      ) : (
        <Body {...{ plant, telling, styles, view, width, height }} />
      )}
    </div>
  );
}
