// The same in words: one table of the parts, and a list of loads and of machines with power and supply.
import { cx } from "@emotion/css";
import React from "react";
import type { Asset, Node, Plant } from "../plant.ts";
import { amountText, countText, newsText, powerText, stateTexts, supplyText, type Telling } from "../tell.ts";
import type { Styles } from "./styles.ts";

interface ListProps {
  readonly styles: Styles;
  readonly telling: Telling;
}

interface TableProps extends ListProps {
  readonly nodes: readonly Node[];
}

export function PartsTable({ nodes, styles, telling }: TableProps): React.JSX.Element {
  const { say } = telling;
  return (
    <table className={styles.table}>
      <caption>{say("caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("part")}</th>
          <th scope="col">{say("power")}</th>
          <th scope="col">{say("state")}</th>
          <th scope="col">{say("news")}</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr key={node.place}>
            <th scope="row">{say(node.place)}</th>
            <td>{amountText(node, telling)}</td>
            <td>{stateTexts(node, telling).join(", ")}</td>
            <td>{newsText(node.power, telling)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface AssetProps extends ListProps {
  readonly asset: Asset;
}

function Chip({ asset, styles, telling }: AssetProps): React.JSX.Element {
  const { id, power, on } = asset;
  const old = power.belief === "old";
  const words = [supplyText(asset, telling), old ? newsText(power, telling) : ""].filter(
    (text) => text !== "",
  );
  return (
    <li className={cx(styles.chip, on === true && styles.chipOn, on === false && styles.chipOff)}>
      <span className={styles.name}>{id}</span>
      <span className={cx(styles.figure, old && styles.small)}>
        {power.belief === "none" ? "" : powerText(power, telling)}
      </span>
      <span className={styles.small}>{words.join(", ")}</span>
    </li>
  );
}

interface AssetsProps extends ListProps {
  readonly place: "loads" | "machines";
  readonly assets: readonly Asset[];
}

function Assets({ place, assets, styles, telling }: AssetsProps): React.JSX.Element | null {
  if (assets.length === 0) return null;
  return (
    <section aria-label={telling.say(place)}>
      <h3 className={styles.title}>
        {telling.say(place)}
        <span className={styles.count}>{countText(assets, telling)}</span>
      </h3>
      <ul className={styles.chips}>
        {assets.map((asset) => (
          <Chip key={asset.id} asset={asset} styles={styles} telling={telling} />
        ))}
      </ul>
    </section>
  );
}

interface PlantProps extends ListProps {
  readonly plant: Plant;
}

/** Machines first: they are fewer, and people wait for them. */
export function AssetLists({ plant, ...others }: PlantProps): React.JSX.Element {
  return (
    <div>
      <Assets place="machines" assets={plant.machines} {...others} />
      <Assets place="loads" assets={plant.loads} {...others} />
    </div>
  );
}
