// In the editor: what the gate refuses, as a list that stays until it is closed or something is deployed. Each line leads to its
// node, and what was not tried to «Try it». The editor alone would show the raw answer, as HTML, for five seconds. A plain script.
{
  const { tell } = window.gridwrightTrialTold;
  const ID = "gridwright-refused";
  const TAB = "gridwright-trial";
  let shown;

  const close = () => {
    shown?.close();
    shown = undefined;
  };

  const tryIt = () => {
    close();
    RED.sidebar.show(TAB);
  };

  /** The node that a line names: «tab › name (id): what is wrong»; a name may hold parentheses, too. */
  const nodeOf = (line) =>
    [...line.matchAll(/\(([^()\s]+)\):/g)].map(([, id]) => RED.nodes.node(id)).find((node) => node);

  /** A configuration node lies on no tab: its own form shows it. */
  const lead = (node) =>
    node._def.category === "config"
      ? RED.editor.editConfig("", node.type, node.id)
      : RED.view.reveal(node.id);

  const itemOf = (line) => {
    const text = line.replace(/^• /, "");
    const node = nodeOf(line);
    if (node === undefined) return $("<li>").text(text);
    const link = $("<a>", { href: "#" }).css("textDecoration", "underline").text(text);
    link.on("click", (event) => {
      event.preventDefault();
      lead(node);
    });
    return $("<li>").append(link);
  };

  const show = (message) => {
    const [head, ...lines] = message.split("\n");
    const body = $("<div>", { class: "gridwright-refused" }).css({ maxHeight: "50vh", overflowY: "auto" });
    body.append($("<p>").text(head), $("<ul>").append(lines.map(itemOf)));
    // What is no node's fault is that it was not tried.
    const isUntried = RED.sidebar.containsTab(TAB) && lines.some((line) => nodeOf(line) === undefined);
    const buttons = [{ text: tell("refusal-close"), class: isUntried ? "" : "primary", click: close }];
    if (isUntried) buttons.push({ text: tell("tab"), class: "primary", click: tryIt });
    close();
    shown = RED.notify(body, { type: "error", fixed: true, id: ID, buttons });
  };

  const messageOf = (answer) => {
    try {
      return JSON.parse(answer).message;
    } catch {
      return undefined;
    }
  };

  // Heard before the editor's own handler, which shows what it finds in the answer.
  $.ajaxPrefilter((options, _given, request) => {
    if (options.type !== "POST" || !/(^|\/)flows$/.test(options.url)) return;
    request.fail(() => {
      const message = request.status === 400 ? messageOf(request.responseText) : undefined;
      if (message === undefined) return;
      request.responseText = tell("refusal-short");
      show(message);
    });
  });
  RED.events.on("deploy", close);
}
