// In the editor: registers the nodes by the data that the build put beside this script, and fills pick lists from the live
// site. A plain script; Node-RED's RED and jQuery are there.
window.gridwrightForms = window.gridwrightForms || [];
{
  const lists = new Map();

  /** Assets of the site that a node names, asked once a minute at most. */
  const assetsOf = (site) => {
    const known = lists.get(site);
    if (known && Date.now() - known.at < 60_000) return known.list;
    const list = !site || site === "_ADD_" ? Promise.resolve([]) : $.getJSON(`gridwright/assets/${site}`);
    lists.set(site, { at: Date.now(), list });
    list.catch(() => lists.delete(site));
    return list;
  };

  /** Which assets a field offers. */
  const FITS = {
    asset: () => true,
    load: ({ control }) => control === "switch",
    limited: ({ control }) => control === "limit",
    machine: ({ kind }) => kind === "machine",
    steered: ({ control }) => control === "setpoint",
  };

  const offer = (name, choices) => {
    const input = $(`#node-input-${name}`);
    const id = `gridwright-list-${name}`;
    input.attr("list", id);
    const list = $(`#${id}`).length ? $(`#${id}`).empty() : $("<datalist>", { id }).insertAfter(input);
    for (const { value, text } of choices) $("<option>", { value }).text(text).appendTo(list);
  };

  const fill = async (fields) => {
    const assets = await assetsOf($("#node-input-site").val());
    for (const { name, kind } of fields) {
      const fits = FITS[kind];
      if (fits) {
        const shown = assets.filter(fits);
        offer(
          name,
          shown.map((asset) => ({ value: asset.id, text: asset.name })),
        );
      }
      if (kind === "point") {
        const chosen = assets.find(({ id }) => id === $("#node-input-asset").val());
        offer(
          name,
          (chosen?.points ?? []).map((point) => ({ value: point, text: point })),
        );
      }
    }
  };

  const check =
    ({ kind, required, min, max }) =>
    (value) => {
      if (value === "" || value === undefined) return !required;
      return kind !== "number" || (Number(value) >= min && Number(value) <= max);
    };

  const defaultOf = (field) => {
    if (field.kind === "site") return { type: "gridwright-site", value: "", required: true };
    return { value: field.value ?? "", validate: check(field) };
  };

  const register = ({ type, category, icon, inputs, outputs, fields }) => {
    const shown = fields.filter(({ kind }) => kind !== "secret");
    const secret = fields.filter(({ kind }) => kind === "secret");
    RED.nodes.registerType(type, {
      category,
      color: "#d9e8c4",
      icon: `font-awesome/${icon}`,
      inputs,
      outputs,
      defaults: Object.fromEntries(shown.map((field) => [field.name, defaultOf(field)])),
      credentials: Object.fromEntries(secret.map(({ name }) => [name, { type: "password" }])),
      label() {
        return (
          this.name || (this.asset ? `${this._(`${type}.label`)} ${this.asset}` : this._(`${type}.label`))
        );
      },
      paletteLabel() {
        return this._ ? this._(`${type}.label`) : type.slice("gridwright-".length);
      },
      oneditprepare() {
        const again = () => void fill(fields);
        $("#node-input-site, #node-input-asset").on("change", again);
        again();
      },
    });
  };

  for (const form of window.gridwrightForms) register(form);
  window.gridwrightForms = { push: register };
}
