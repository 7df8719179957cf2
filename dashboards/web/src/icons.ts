// The page's icons: strokes on a 24 × 24 field in the text's colour. Always beside words, so hidden from readers.
import { html, svg, type TemplateResult } from "lit";

const SHAPES = {
  sun: svg`<circle cx="12" cy="12" r="4.2"/><path d="M12 2.5v2.6M12 18.9v2.6M2.5 12h2.6M18.9 12h2.6M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8"/>`,
  battery: svg`<rect x="3" y="7.5" width="16" height="9" rx="2"/><path d="M21.5 10.5v3M7 10.5v3M10.5 10.5v3"/>`,
  grid: svg`<path d="M8 21.5 12 2.5l4 19M5.5 8h13M7 13h10M9.3 15.5l5.4 4.5M14.7 15.5l-5.4 4.5"/>`,
  diesel: svg`<path d="M12 2.8c3.6 4.4 5.6 7.4 5.6 10.5a5.6 5.6 0 0 1-11.2 0C6.4 10.2 8.4 7.2 12 2.8zM9.3 13.6a2.8 2.8 0 0 0 2.4 2.8"/>`,
  homes: svg`<path d="M3.5 11.5 12 4l8.5 7.5M6 10v9.5h12V10M10.2 19.5v-5h3.6v5"/>`,
  workshop: svg`<circle cx="12" cy="12" r="3"/><path d="m12 3 1.2 3.1 3.2-1.3.6 3.4 3.4.6-1.3 3.2L22 12l-2.9 1.2 1.3 3.2-3.4.6-.6 3.4-3.2-1.3L12 21l-1.2-2.9-3.2 1.3-.6-3.4-3.4-.6 1.3-3.2L2 12l2.9-1.2-1.3-3.2L7 7l.6-3.4 3.2 1.3z"/>`,
  shared: svg`<circle cx="8" cy="9" r="3"/><circle cx="16.5" cy="10" r="2.4"/><path d="M2.8 19c.4-3.6 2.4-5.4 5.2-5.4s4.8 1.8 5.2 5.4M14.6 14.2c3.6-.9 6.2 1 6.6 4.8"/>`,
  plenty: svg`<circle cx="12" cy="12" r="4.2"/><path d="M12 2.5v2.6M12 18.9v2.6M2.5 12h2.6M18.9 12h2.6M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8"/>`,
  enough: svg`<circle cx="12" cy="12" r="9"/><path d="m7.8 12.4 2.9 2.9 5.6-6.2"/>`,
  tight: svg`<path d="M4 16.5a8.5 8.5 0 1 1 16 0M12 14.5l4.2-5.2"/><circle cx="12" cy="15" r="1.6"/>`,
  scarce: svg`<rect x="3" y="7.5" width="16" height="9" rx="2"/><path d="M21.5 10.5v3M6.5 10.5v3"/>`,
  dark: svg`<path d="M12 3v8M6.3 6.6a8 8 0 1 0 11.4 0"/>`,
  unknown: svg`<circle cx="12" cy="12" r="9"/><path d="M9.2 9.4a2.9 2.9 0 1 1 4.2 2.7c-.9.5-1.4 1-1.4 2M12 17.2v.1"/>`,
  on: svg`<circle cx="12" cy="12" r="9"/><path d="m7.8 12.4 2.9 2.9 5.6-6.2"/>`,
  idle: svg`<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>`,
  "off-need": svg`<path d="M8 4.5h8M8 19.5h8M9 4.5c0 5 6 5 6 7.5s-6 2.5-6 7.5M15 4.5c0 5-6 5-6 7.5s6 2.5 6 7.5"/>`,
  "off-held": svg`<path d="M7.5 11V6.3a1.4 1.4 0 0 1 2.8 0V10m0-4.9a1.4 1.4 0 0 1 2.8 0V10m0-3.9a1.4 1.4 0 0 1 2.8 0v4.4m0-2.4a1.4 1.4 0 0 1 2.7 0v5.6c0 4.3-2.3 6.6-6 6.6-3.4 0-4.8-1.5-7.6-6.2-.9-1.5 1-2.9 2.2-1.6l1.9 2"/>`,
  off: svg`<circle cx="12" cy="12" r="9"/>`,
  "off-hand": svg`<path d="M7.5 11V6.3a1.4 1.4 0 0 1 2.8 0V10m0-4.9a1.4 1.4 0 0 1 2.8 0V10m0-3.9a1.4 1.4 0 0 1 2.8 0v4.4m0-2.4a1.4 1.4 0 0 1 2.7 0v5.6c0 4.3-2.3 6.6-6 6.6-3.4 0-4.8-1.5-7.6-6.2-.9-1.5 1-2.9 2.2-1.6l1.9 2"/>`,
  deviates: svg`<path d="M12 3.5 21.5 20h-19zM12 9.5v5M12 17.2v.1"/>`,
  alarm: svg`<path d="M12 3.5 21.5 20h-19zM12 9.5v5M12 17.2v.1"/>`,
  info: svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>`,
  clock: svg`<circle cx="12" cy="12" r="9"/><path d="M12 6.8V12l3.6 2.2"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

/** An icon as part of a line of text. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;

/** An icon's strokes, for use inside another drawing. */
export const strokes = (name: IconName) => SHAPES[name];
