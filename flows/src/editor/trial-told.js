// In the editor: what a trial came to, as a table of what differs, two small curves, and lists. Data in, HTML out; what is
// told comes as text and never as HTML. A plain script; Node-RED's RED and jQuery are there.
{
  const language = () => (RED.i18n.lang().toLowerCase().startsWith("es") ? "es" : "en");
  const tell = (key, params = {}) =>
    (window.gridwrightTrialWords[language()][key] ?? key).replace(/\{(\w+)\}/g, (_whole, name) =>
      String(params[name] ?? ""),
    );
  const number = (value) =>
    new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(
      Math.abs(value) < 0.05 ? 0 : value,
    );
  const kwh = (wh) => wh / 1_000;

  const countOf = (run, outcome) =>
    run.requests.filter((line) => line.outcome === outcome).reduce((sum, { n }) => sum + n, 0);
  const sum = (lines) => lines.reduce((all, { n }) => all + n, 0);
  const switchingsOf = (run) => Object.values(run.switchings).reduce((all, n) => all + n, 0);

  /** Of each row: its name, and how it is read from a run. */
  const rowsOf = ({ before, after }) => {
    const tiers = after.tiers.map(({ tier }) => tier);
    const energy = (run, tier) =>
      run.tiers.find((one) => one.tier === tier) ?? { servedWh: 0, notServedWh: 0 };
    const moved = Object.keys(after.switchings).filter(
      (asset) => after.switchings[asset] !== before.switchings[asset],
    );
    return [
      ...tiers.map((tier) => [
        tell("unserved", { tier }),
        (run) => kwh(energy(run, tier).notServedWh),
        " kWh",
      ]),
      ...tiers.map((tier) => [tell("served", { tier }), (run) => kwh(energy(run, tier).servedWh), " kWh"]),
      [tell("import"), (run) => kwh(run.gridImportWh), " kWh"],
      [tell("export"), (run) => kwh(run.gridExportWh), " kWh"],
      [tell("sun"), (run) => kwh(run.pvWh), " kWh"],
      [tell("curtailed"), (run) => kwh(run.curtailedWh), " kWh"],
      [tell("battery"), (run) => kwh(run.batteryThroughputWh), " kWh"],
      [tell("generator"), (run) => run.generatorHours, ""],
      ...["accepted", "clipped", "refused"].map((one) => [tell(one), (run) => countOf(run, one), ""]),
      [tell("limits"), (run) => sum(run.limits), ""],
      [tell("alarms"), (run) => sum(run.alarms), ""],
      [tell("switchings-all"), switchingsOf, ""],
      ...moved.map((asset) => [tell("switchings", { asset }), (run) => run.switchings[asset] ?? 0, ""]),
    ];
  };

  const tableOf = (trial) => {
    const rows = rowsOf(trial).map(([name, read, unit]) => [
      name,
      read(trial.before),
      read(trial.after),
      unit,
    ]);
    const shown = rows.filter(([, before, after]) => Math.abs(after - before) >= 0.05);
    if (shown.length === 0) return $("<p>").text(tell("same"));
    const table = $("<table>", { class: "gridwright-trial-table" });
    const head = $("<tr>").appendTo($("<thead>").appendTo(table));
    for (const key of ["quantity", "before", "after", "differs"]) $("<th>").text(tell(key)).appendTo(head);
    const body = $("<tbody>").appendTo(table);
    for (const [name, before, after, unit] of shown) {
      const row = $("<tr>").appendTo(body);
      const change = `${after > before ? "+" : "−"}${number(Math.abs(after - before))}${unit}`;
      $("<th>", { scope: "row" }).text(name).appendTo(row);
      for (const text of [number(before) + unit, number(after) + unit, change])
        $("<td>").text(text).appendTo(row);
    }
    return table;
  };

  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 280;
  const HEIGHT = 70;
  const line = (values, most, kind) => {
    const points = values.map((value, place) => {
      const x = (place / Math.max(1, values.length - 1)) * WIDTH;
      return `${x.toFixed(1)},${(HEIGHT - (value / most) * (HEIGHT - 4) - 2).toFixed(1)}`;
    });
    const path = document.createElementNS(SVG, "polyline");
    path.setAttribute("points", points.join(" "));
    path.setAttribute("class", `gridwright-trial-${kind}`);
    return path;
  };

  /** Both runs over the day, with the greatest value beside the title. */
  const chartOf = (title, [before, after], most) => {
    const figure = $("<figure>", { class: "gridwright-trial-chart" });
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    svg.append(line(before, most, "before"), line(after, most, "after"));
    const caption = $("<figcaption>").text(`${title}, ≤ ${number(most)}: `);
    for (const kind of ["before", "after"])
      $("<span>", { class: `gridwright-trial-key-${kind}` })
        .text(tell(kind))
        .appendTo(caption.append(" "));
    return figure.append(caption, svg);
  };

  const chartsOf = ({ before, after }) => {
    const kilowatts = ({ series }) => series.loadW.map((value) => value / 1_000);
    const percent = ({ series }) => series.soc.map((value) => value * 100);
    const loads = [kilowatts(before), kilowatts(after)];
    const most = Math.max(0.1, ...loads.flat());
    return [
      chartOf(tell("chart-load"), loads, most),
      chartOf(tell("chart-soc"), [percent(before), percent(after)], 100),
    ];
  };

  const listOf = (title, lines) => {
    if (lines.length === 0) return [];
    const list = $("<ul>");
    for (const text of lines) $("<li>").text(text).appendTo(list);
    return [$("<h4>").text(tell(title)), list];
  };

  const listsOf = ({ after }) => {
    const said = ({ said: words, n }) => `${words[language()]} (${n}×)`;
    const rule = (name) => window.gridwrightTrialWords[language()][`rule-${name}`] ?? name;
    const refused = after.requests.filter(({ outcome }) => outcome !== "accepted");
    const { ended, said: complaints, stalledMs } = after.process;
    return [
      ...listOf(
        "refused-head",
        refused.map((one) => `${one.node || one.asset}: ${tell(one.outcome)}: ${said(one)}`),
      ),
      ...listOf(
        "limits-head",
        after.limits.map((one) => `${one.asset}: ${rule(one.rule)} (${one.n}×)`),
      ),
      ...listOf("alarms-head", after.alarms.map(said)),
      ...listOf("process-head", [
        ...ended.map((how) => tell("ended", { how })),
        ...(stalledMs > 5_000 ? [tell("stalled", { s: Math.round(stalledMs / 1_000) })] : []),
        ...complaints.map(({ text, n }) => `${text} (${n}×)`),
      ]),
    ];
  };

  const notesOf = ({ day, disabled }) =>
    [
      disabled.length > 0 && tell("disabled", { names: disabled.join(", ") }),
      day.habits === "guessed" && tell("guessed"),
      day.weather === "yesterday" && !day.measured && tell("unmeasured"),
    ]
      .filter(Boolean)
      .map((text) => $("<p>", { class: "gridwright-trial-note" }).text(text));

  const resultOf = (trial) => [tableOf(trial), ...chartsOf(trial), ...listsOf(trial), ...notesOf(trial)];
  window.gridwrightTrialTold = { language, tell, resultOf };
}
