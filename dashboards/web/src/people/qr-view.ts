// A text as a picture for a phone's camera, drawn here: the secret in it must not visit anybody who draws such pictures.
import { html, type TemplateResult } from "lit";
import { encode } from "uqr";

/** Always dark on light, whatever the page's colours: cameras expect it. `label` tells who cannot see it what it is. */
export function qrView(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { border: 3 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" />
    <path d=${path} fill="#000" />
  </svg>`;
}
