// How the panel looks, in the colours of Grafana's theme. Movement stops where people ask for less of it; nothing is said
// by colour alone.
import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";

const tones = ({ colors }: GrafanaTheme2) => ({
  sun: css({ "--tone": colors.warning.text }),
  battery: css({ "--tone": colors.info.text }),
  grid: css({ "--tone": colors.info.text }),
  generator: css({ "--tone": colors.error.text }),
  loads: css({ "--tone": colors.success.text }),
  machines: css({ "--tone": colors.success.text }),
  warns: css({ "--tone": colors.error.text }),
  faint: css({ "--tone": colors.text.secondary }),
});

const picture = ({ colors, typography }: GrafanaTheme2) => ({
  picture: css({ display: "block", width: "100%", fontFamily: typography.fontFamily }),
  wire: css({ fill: "none", stroke: colors.border.strong, strokeWidth: 3, strokeLinecap: "round" }),
  gone: css({ strokeDasharray: "1 8" }),
  stream: css({
    fill: "none",
    stroke: colors.success.text,
    strokeLinecap: "round",
    strokeDasharray: "2 12",
    animation: "gridwright-flow 1.6s linear infinite",
    "@keyframes gridwright-flow": { to: { strokeDashoffset: -14 } },
    "@media (prefers-reduced-motion: reduce)": { animation: "none" },
  }),
  slow: css({ strokeWidth: 4 }),
  middle: css({ strokeWidth: 5, animationDuration: "1s" }),
  fast: css({ strokeWidth: 7, animationDuration: "0.6s" }),
  old: css({ stroke: colors.text.secondary, animation: "none" }),
  arrow: css({
    fill: colors.success.text,
    stroke: colors.background.primary,
    strokeWidth: 3,
    paintOrder: "stroke",
  }),
  arrowOld: css({ fill: colors.text.secondary }),
  hub: css({ fill: colors.background.secondary, stroke: colors.success.text, strokeWidth: 2 }),
  hubSign: css({ fill: colors.success.text }),
  disc: css({ fill: colors.background.secondary, stroke: "var(--tone)", strokeWidth: 1.5 }),
  unsure: css({ strokeDasharray: "4 4" }),
  track: css({ strokeOpacity: 0.25, strokeWidth: 5 }),
  ring: css({ fill: "none", stroke: "var(--tone)", strokeWidth: 5 }),
  glyph: css({
    ...{ fill: "none", stroke: "var(--tone)", strokeWidth: 1.6 },
    ...{ strokeLinecap: "round", strokeLinejoin: "round" },
  }),
  warning: css({
    ...{ fill: colors.background.primary, stroke: colors.error.text, strokeWidth: 2 },
    ...{ strokeLinecap: "round", strokeLinejoin: "round" },
  }),
  text: css({
    ...{ fill: colors.text.primary, stroke: colors.background.primary, strokeWidth: 4 },
    ...{ paintOrder: "stroke", strokeLinejoin: "round" },
  }),
  label: css({ fontSize: 13, fill: colors.text.secondary }),
  value: css({ fontSize: 16, fontWeight: 600, fontVariantNumeric: "tabular-nums" }),
  word: css({ fontSize: 12.5, fill: colors.text.secondary }),
  alert: css({ fill: colors.error.text, fontWeight: 600 }),
});

/** Sizes in em: they grow with the body's font on a wall. */
const lists = ({ colors, shape, typography }: GrafanaTheme2) => ({
  title: css({ fontSize: "1.05em", fontWeight: typography.fontWeightMedium, margin: "0.6em 0 0.3em" }),
  count: css({ fontSize: "0.85em", color: colors.text.secondary, marginLeft: "0.6em" }),
  chips: css({
    ...{ listStyle: "none", margin: 0, padding: 0, display: "grid", gap: "0.3em" },
    gridTemplateColumns: "repeat(auto-fill, minmax(9em, 1fr))",
  }),
  chip: css({
    ...{ display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: "0.6em" },
    ...{ padding: "0.3em 0.6em", borderRadius: shape.radius.default, minWidth: 0 },
    border: `1px solid ${colors.border.weak}`,
    borderLeft: `4px solid ${colors.border.strong}`,
  }),
  chipOn: css({ borderLeftColor: colors.success.text }),
  chipOff: css({ borderLeft: `4px dotted ${colors.warning.text}`, background: colors.background.secondary }),
  name: css({ flexBasis: "100%", overflowWrap: "anywhere" }),
  figure: css({ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }),
  small: css({ fontSize: "0.85em", color: colors.text.secondary }),
  table: css({
    ...{ width: "100%", borderCollapse: "collapse" },
    "& caption": { fontSize: "0.85em", color: colors.text.secondary, textAlign: "left", captionSide: "top" },
    "& th, & td": { padding: "0.3em 0.6em 0.3em 0", textAlign: "left", verticalAlign: "top" },
    "& thead th": { color: colors.text.secondary, fontWeight: typography.fontWeightMedium },
    "& tbody tr": { borderTop: `1px solid ${colors.border.weak}` },
  }),
});

const frame = ({ colors, spacing, typography }: GrafanaTheme2) => ({
  panel: css({
    display: "flex",
    flexDirection: "column",
    width: "100%",
    height: "100%",
    position: "relative",
  }),
  head: css({
    ...{ display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between" },
    ...{ gap: spacing(1), marginBottom: spacing(0.5) },
  }),
  news: css({ ...typography.bodySmall, color: colors.text.secondary }),
  trouble: css({
    ...{ color: colors.warning.text, fontWeight: typography.fontWeightBold },
    ...{ borderLeft: `4px solid ${colors.warning.border}`, paddingLeft: spacing(1) },
  }),
  body: css({ flex: 1, minHeight: 0, overflowY: "auto", overflowX: "hidden" }),
  wide: css({
    display: "grid",
    alignItems: "start",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: spacing(2),
  }),
  readers: css({
    ...{ position: "absolute", width: 1, height: 1, overflow: "hidden" },
    ...{ clipPath: "inset(50%)", whiteSpace: "nowrap" },
  }),
});

export const stylesOf = (theme: GrafanaTheme2) => ({
  ...tones(theme),
  ...picture(theme),
  ...lists(theme),
  ...frame(theme),
});
export type Styles = ReturnType<typeof stylesOf>;
