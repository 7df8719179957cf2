// In the editor: the sidebar tab «Try it». It sends what is in the editor to a twin of the site, shows what would differ, and
// takes the reason of who deploys without. Where the controller has no trials (a Node-RED of one's own) there is no tab.
{
  const { tell, resultOf, language } = window.gridwrightTrialTold;
  const DOOR = "gridwright/trials";
  const LOOK_EVERY_MS = 1_000;
  const STYLE = `
.gridwright-trial { padding: 8px 12px; overflow-y: auto; height: 100%; box-sizing: border-box; }
.gridwright-trial label { display: block; margin: 6px 0; }
.gridwright-trial .gridwright-trial-choice { display: grid; grid-template-columns: 5em minmax(0, 1fr); align-items: center; margin: 2px 0; }
.gridwright-trial p { margin: 4px 0; }
.gridwright-trial select, .gridwright-trial textarea { width: 100%; margin: 0; box-sizing: border-box; }
.gridwright-trial progress { width: 100%; }
.gridwright-trial-table { width: 100%; border-collapse: collapse; margin: 8px 0; font-size: 12px; }
.gridwright-trial-table th, .gridwright-trial-table td { text-align: right; padding: 2px 4px; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.gridwright-trial-table th[scope=row] { text-align: left; font-weight: normal; }
.gridwright-trial-chart { margin: 8px 0; }
.gridwright-trial-chart svg { width: 100%; border: 1px solid var(--red-ui-secondary-border-color); }
.gridwright-trial-chart polyline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.gridwright-trial-before { stroke: #8a8a8a; stroke-dasharray: 4 3; }
.gridwright-trial-after { stroke: #2f8f4e; }
.gridwright-trial-key-before { border-bottom: 2px dashed #8a8a8a; margin-left: 4px; }
.gridwright-trial-key-after { border-bottom: 2px solid #2f8f4e; margin-left: 4px; }
.gridwright-trial-note { font-style: italic; }
.gridwright-trial ul { margin: 0 0 8px 18px; overflow-wrap: anywhere; }
.gridwright-trial-told { white-space: pre-wrap; overflow-wrap: anywhere; }`;

  const choice = (name, values) => {
    const select = $("<select>", { id: `gridwright-trial-${name}` });
    for (const value of values)
      $("<option>", { value })
        .text(name === "hours" ? value : tell(`${name}-${value}`))
        .appendTo(select);
    return $("<label>", { class: "gridwright-trial-choice" }).text(tell(name)).append(select);
  };

  const formOf = () => {
    const panel = $("<div>", { class: "gridwright-trial" });
    const start = $("<button>", { type: "button", id: "gridwright-trial-start", class: "red-ui-button" });
    const cancel = $("<button>", { type: "button", id: "gridwright-trial-cancel", class: "red-ui-button" });
    const reason = $("<textarea>", { id: "gridwright-trial-untried", rows: 2, maxlength: 300 });
    panel.append(
      $("<style>").text(STYLE),
      $("<p>").text(tell("intro")),
      choice("weather", ["yesterday", "sunny", "mixed", "dull"]),
      choice("fault", ["none", "grid-lost", "overload", "meter-silent"]),
      choice("hours", ["24", "12", "6", "3", "1"]),
      $("<p>").append(start.text(tell("start")), " ", cancel.text(tell("cancel")).hide()),
      $("<progress>", { id: "gridwright-trial-progress", max: 1, value: 0 }).hide(),
      $("<p>", { class: "gridwright-trial-told", role: "status", id: "gridwright-trial-told" }),
      $("<div>", { id: "gridwright-trial-result" }),
      $("<hr>"),
      $("<label>").text(tell("untried")).append(reason),
      $("<p>", { class: "gridwright-trial-note" }).text(tell("untried-hint")),
    );
    return panel;
  };

  const panel = formOf();
  const find = (name) => panel.find(`#gridwright-trial-${name}`);
  let underWay;

  const say = (text) => find("told").text(text);
  const busy = (on) => {
    find("start").prop("disabled", on);
    find("cancel").toggle(on);
    find("progress").toggle(on);
  };

  const show = (trial) => {
    find("progress").prop("value", trial.progress);
    if (trial.state === "running") {
      say(tell("running", { percent: Math.round(trial.progress * 100) }));
      setTimeout(look, LOOK_EVERY_MS);
      return;
    }
    underWay = undefined;
    busy(false);
    if (trial.state === "failed") say(`${tell("failed")}\n${trial.why?.[language()] ?? ""}`);
    else say(tell(trial.state));
    find("result").empty();
    if (trial.state === "done") find("result").append(resultOf(trial));
    // The sidebar is often low: what came of it stands in view, not the form.
    find("told").get(0).scrollIntoView({ block: "start" });
  };

  const look = () => {
    if (underWay === undefined) return;
    $.getJSON(`${DOOR}/${underWay}`)
      .done(show)
      .fail(() => setTimeout(look, LOOK_EVERY_MS));
  };

  const begin = () => {
    const ask = {
      flows: RED.nodes.createCompleteNodeSet({ credentials: false }),
      weather: find("weather").val(),
      fault: find("fault").val(),
      hours: Number(find("hours").val()),
    };
    find("result").empty();
    busy(true);
    say(tell("running", { percent: 0 }));
    $.ajax({ url: DOOR, type: "POST", contentType: "application/json", data: JSON.stringify(ask) })
      .done(({ id }) => {
        underWay = id;
        look();
      })
      .fail(({ status, responseJSON }) => {
        busy(false);
        say(status === 409 ? tell("another") : (responseJSON?.detail ?? tell("silent")));
      });
  };

  find("start").on("click", begin);
  find("cancel").on("click", () => $.ajax({ url: `${DOOR}/${underWay}`, type: "DELETE" }));

  // The editor's own deploy carries the reason; what was tried needs none.
  $.ajaxPrefilter((options, _given, request) => {
    const reason = String(find("untried").val() ?? "").trim();
    if (reason !== "" && options.type === "POST" && /(^|\/)flows$/.test(options.url))
      request.setRequestHeader("x-gridwright-untried", encodeURIComponent(reason));
  });

  const addTab = () => {
    RED.sidebar.addTab({
      ...{ id: "gridwright-trial", label: tell("tab"), name: tell("tab"), content: panel },
      ...{ iconClass: "fa fa-flask", enableOnEdit: true, pinned: true },
    });
    RED.events.on("deploy", () => find("untried").val(""));
    RED.events.on("nodes:change", () => {
      if (find("result").children().length > 0) say(tell("changed"));
    });
  };
  $.getJSON(DOOR).done(addTab);
}
