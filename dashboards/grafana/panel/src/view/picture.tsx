// The picture of the flow: moving dashes and an arrow for what flows, a ring for the charge, words under each part. Hidden
// from screen readers, to whom the table says the same.
import { cx } from "@emotion/css";
import React from "react";
import type { Node } from "../plant.ts";
import { amountText, stateTexts, type Telling } from "../tell.ts";
import { arrowAt, HUB_RADIUS, LINE, paceOf, RADIUS, SCENES, type Scene, STROKES, wireOf } from "./drawing.ts";
import type { Styles } from "./styles.ts";

interface PartProps {
  readonly node: Node;
  readonly scene: Scene;
  readonly styles: Styles;
}

function Wire({ node, scene, styles }: PartProps): React.JSX.Element {
  const { direction, place, power, there } = node;
  const ends = { spot: scene.spots[place], hub: scene.hub };
  const inward = direction === "in";
  const path = wireOf(ends, inward);
  if (direction === "still")
    return <path className={cx(styles.wire, there === false && styles.gone)} d={path} />;
  const old = power.belief === "old";
  return (
    <g>
      <path className={styles.wire} d={path} />
      <path className={cx(styles.stream, styles[paceOf(power.value)], old && styles.old)} d={path} />
      <path
        className={cx(styles.arrow, old && styles.arrowOld)}
        d="M-6 -7 L7 0 L-6 7z"
        transform={arrowAt(ends, inward)}
      />
    </g>
  );
}

/** How full it is, as a ring around the part. */
function Charge({ node, styles }: Omit<PartProps, "scene">): React.JSX.Element | null {
  const { charge } = node;
  if (charge === undefined || charge.belief === "none") return null;
  const percent = Math.round(100 * charge.value);
  return (
    <circle
      className={styles.ring}
      r={RADIUS}
      pathLength={100}
      strokeDasharray={`${percent} 100`}
      transform="rotate(-90)"
    />
  );
}

interface WordsProps extends PartProps {
  readonly telling: Telling;
}

/** Name, amount and states, a line each; beside the sun, below all others. */
function Words({ node, styles, telling }: WordsProps): React.JSX.Element {
  const beside = node.place === "sun";
  const [x, top, anchor] = beside
    ? [RADIUS + 10, -10, "start" as const]
    : [0, RADIUS + 17, "middle" as const];
  const amount = amountText(node, telling);
  const warning = node.level === "fine" ? undefined : telling.say(node.level);
  const lines = [
    { text: telling.say(node.place), look: styles.label },
    ...(amount === "" ? [] : [{ text: amount, look: styles.value }]),
    ...stateTexts(node, telling).map((text) => ({
      text,
      look: cx(styles.word, text === warning && styles.alert),
    })),
  ];
  return (
    <g textAnchor={anchor}>
      {lines.map(({ text, look }, place) => (
        <text key={text} className={cx(styles.text, look)} x={x} y={top + place * LINE}>
          {text}
        </text>
      ))}
    </g>
  );
}

function Part(props: WordsProps): React.JSX.Element {
  const { node, scene, styles } = props;
  const { place, there, power, level } = node;
  const faint = there === false || power.belief === "old" || power.belief === "none";
  const { x, y } = scene.spots[place];
  const tone = faint ? styles.faint : styles[place];
  return (
    <g className={cx(tone, level !== "fine" && styles.warns)} transform={`translate(${x} ${y})`}>
      <circle
        className={cx(styles.disc, faint && styles.unsure, place === "battery" && styles.track)}
        r={RADIUS}
      />
      <Charge node={node} styles={styles} />
      <path className={styles.glyph} d={STROKES[place]} transform="translate(-13.500 -13.500) scale(1.125)" />
      {place === "grid" && there === false && <path className={styles.glyph} d="M-19 19 19 -19" />}
      {level !== "fine" && <path className={styles.warning} d="M21 -33l9 16h-18zM21 -28v5M21 -20.500v.5" />}
      <Words {...props} />
    </g>
  );
}

interface PictureProps {
  readonly nodes: readonly Node[];
  readonly styles: Styles;
  readonly telling: Telling;
  /** px. */
  readonly width: number;
  readonly heightMax: number;
}

/** Below so many px the narrow scene is drawn. */
const NARROW_PX = 380;

export function Picture({ nodes, styles, telling, width, heightMax }: PictureProps): React.JSX.Element {
  const scene = width < NARROW_PX ? SCENES.narrow : SCENES.wide;
  const { hub } = scene;
  return (
    <svg
      className={styles.picture}
      style={{ maxHeight: heightMax }}
      viewBox={`0 0 ${scene.width} ${scene.height}`}
      aria-hidden="true"
      focusable="false"
    >
      {nodes.map((node) => (
        <Wire key={node.place} node={node} scene={scene} styles={styles} />
      ))}
      <circle className={styles.hub} cx={hub.x} cy={hub.y} r={HUB_RADIUS} />
      <path className={styles.hubSign} d={`M${hub.x + 2} ${hub.y - 9}l-7 10h5l-2 8 7-10h-5z`} />
      {nodes.map((node) => (
        <Part key={node.place} node={node} scene={scene} styles={styles} telling={telling} />
      ))}
    </svg>
  );
}
