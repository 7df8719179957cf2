// The SunSpec models that gridwright uses, as compact tables: name, type, scale factor, rw. Offsets follow from the
// sizes. Facts from the SunSpec information models (github.com/sunspec/models); a test compares them where they are.
import type { RegisterType } from "@gridwright/contract/profile.ts";
import type { Encoding } from "../modbus/codec.ts";

export interface SunspecField {
  readonly name: string;
  /** Registers after the model's first one, its ID. */
  readonly offset: number;
  readonly type: string;
  readonly count: number;
  /** The field that holds the power of ten. */
  readonly scaleFactor?: string;
  readonly writable: boolean;
}
type Fields = Readonly<Record<string, SunspecField>>;

export interface SunspecModel {
  readonly id: number;
  /** Registers after ID and L, without repeated blocks. */
  readonly length: number;
  readonly fields: Fields;
  /** A block that repeats until L is used up; offsets count from the block's first register. */
  readonly block?: { readonly length: number; readonly fields: Fields };
}

/** Registers before a model's first field: its ID and its length. */
export const MODEL_HEAD = 2;

const COMMON = `
  Mn string16, Md string16, Opt string8, Vr string8, SN string16, DA uint16 rw, Pad pad
`;

const INVERTER = `
  A uint16 A_SF, AphA uint16 A_SF, AphB uint16 A_SF, AphC uint16 A_SF, A_SF sunssf,
  PPVphAB uint16 V_SF, PPVphBC uint16 V_SF, PPVphCA uint16 V_SF, PhVphA uint16 V_SF,
  PhVphB uint16 V_SF, PhVphC uint16 V_SF, V_SF sunssf, W int16 W_SF, W_SF sunssf, Hz uint16 Hz_SF,
  Hz_SF sunssf, VA int16 VA_SF, VA_SF sunssf, VAr int16 VAr_SF, VAr_SF sunssf, PF int16 PF_SF,
  PF_SF sunssf, WH acc32 WH_SF, WH_SF sunssf, DCA uint16 DCA_SF, DCA_SF sunssf, DCV uint16 DCV_SF,
  DCV_SF sunssf, DCW int16 DCW_SF, DCW_SF sunssf, TmpCab int16 Tmp_SF, TmpSnk int16 Tmp_SF,
  TmpTrns int16 Tmp_SF, TmpOt int16 Tmp_SF, Tmp_SF sunssf, St enum16, StVnd enum16,
  Evt1 bitfield32, Evt2 bitfield32, EvtVnd1 bitfield32, EvtVnd2 bitfield32, EvtVnd3 bitfield32,
  EvtVnd4 bitfield32
`;

const NAMEPLATE = `
  DERTyp enum16, WRtg uint16 WRtg_SF, WRtg_SF sunssf, VARtg uint16 VARtg_SF, VARtg_SF sunssf,
  VArRtgQ1 int16 VArRtg_SF, VArRtgQ2 int16 VArRtg_SF, VArRtgQ3 int16 VArRtg_SF,
  VArRtgQ4 int16 VArRtg_SF, VArRtg_SF sunssf, ARtg uint16 ARtg_SF, ARtg_SF sunssf,
  PFRtgQ1 int16 PFRtg_SF, PFRtgQ2 int16 PFRtg_SF, PFRtgQ3 int16 PFRtg_SF, PFRtgQ4 int16 PFRtg_SF,
  PFRtg_SF sunssf, WHRtg uint16 WHRtg_SF, WHRtg_SF sunssf, AhrRtg uint16 AhrRtg_SF,
  AhrRtg_SF sunssf, MaxChaRte uint16 MaxChaRte_SF, MaxChaRte_SF sunssf,
  MaxDisChaRte uint16 MaxDisChaRte_SF, MaxDisChaRte_SF sunssf, Pad pad
`;

const SETTINGS = `
  WMax uint16 WMax_SF rw, VRef uint16 VRef_SF rw, VRefOfs int16 VRefOfs_SF rw,
  VMax uint16 VMinMax_SF rw, VMin uint16 VMinMax_SF rw, VAMax uint16 VAMax_SF rw,
  VArMaxQ1 int16 VArMax_SF rw, VArMaxQ2 int16 VArMax_SF rw, VArMaxQ3 int16 VArMax_SF rw,
  VArMaxQ4 int16 VArMax_SF rw, WGra uint16 WGra_SF rw, PFMinQ1 int16 PFMin_SF rw,
  PFMinQ2 int16 PFMin_SF rw, PFMinQ3 int16 PFMin_SF rw, PFMinQ4 int16 PFMin_SF rw,
  VArAct enum16 rw, ClcTotVA enum16 rw, MaxRmpRte uint16 MaxRmpRte_SF rw,
  ECPNomHz uint16 ECPNomHz_SF rw, ConnPh enum16 rw, WMax_SF sunssf, VRef_SF sunssf,
  VRefOfs_SF sunssf, VMinMax_SF sunssf, VAMax_SF sunssf, VArMax_SF sunssf, WGra_SF sunssf,
  PFMin_SF sunssf, MaxRmpRte_SF sunssf, ECPNomHz_SF sunssf
`;

const STATUS = `
  PVConn bitfield16, StorConn bitfield16, ECPConn bitfield16, ActWh acc64, ActVAh acc64,
  ActVArhQ1 acc64, ActVArhQ2 acc64, ActVArhQ3 acc64, ActVArhQ4 acc64, VArAval int16 VArAval_SF,
  VArAval_SF sunssf, WAval uint16 WAval_SF, WAval_SF sunssf, StSetLimMsk bitfield32,
  StActCtl bitfield32, TmSrc string4, Tms uint32, RtSt bitfield16, Ris uint16 Ris_SF,
  Ris_SF sunssf
`;

const CONTROLS = `
  Conn_WinTms uint16 rw, Conn_RvrtTms uint16 rw, Conn enum16 rw,
  WMaxLimPct uint16 WMaxLimPct_SF rw, WMaxLimPct_WinTms uint16 rw, WMaxLimPct_RvrtTms uint16 rw,
  WMaxLimPct_RmpTms uint16 rw, WMaxLim_Ena enum16 rw, OutPFSet int16 OutPFSet_SF rw,
  OutPFSet_WinTms uint16 rw, OutPFSet_RvrtTms uint16 rw, OutPFSet_RmpTms uint16 rw,
  OutPFSet_Ena enum16 rw, VArWMaxPct int16 VArPct_SF rw, VArMaxPct int16 VArPct_SF rw,
  VArAvalPct int16 VArPct_SF rw, VArPct_WinTms uint16 rw, VArPct_RvrtTms uint16 rw,
  VArPct_RmpTms uint16 rw, VArPct_Mod enum16 rw, VArPct_Ena enum16 rw, WMaxLimPct_SF sunssf,
  OutPFSet_SF sunssf, VArPct_SF sunssf
`;

const MPPT = `
  DCA_SF sunssf, DCV_SF sunssf, DCW_SF sunssf, DCWH_SF sunssf, Evt bitfield32, N count,
  TmsPer uint16
`;

const MPPT_MODULE = `
  ID uint16, IDStr string8, DCA uint16 DCA_SF, DCV uint16 DCV_SF, DCW uint16 DCW_SF,
  DCWH acc32 DCWH_SF, Tms uint32, Tmp int16, DCSt enum16, DCEvt bitfield32
`;

interface Word {
  readonly count: number;
  readonly type: RegisterType;
  /** The raw value that means «not implemented». */
  readonly missing: number;
}
const WORDS: Readonly<Record<string, Word>> = {
  uint16: { count: 1, type: "uint16", missing: 0xffff },
  enum16: { count: 1, type: "uint16", missing: 0xffff },
  bitfield16: { count: 1, type: "uint16", missing: 0xffff },
  count: { count: 1, type: "uint16", missing: 0xffff },
  int16: { count: 1, type: "int16", missing: 0x8000 },
  sunssf: { count: 1, type: "int16", missing: 0x8000 },
  pad: { count: 1, type: "int16", missing: 0x8000 },
  uint32: { count: 2, type: "uint32", missing: 0xffff_ffff },
  bitfield32: { count: 2, type: "uint32", missing: 0xffff_ffff },
  acc32: { count: 2, type: "uint32", missing: 0 },
  acc64: { count: 4, type: "uint64", missing: 0 },
};

const sizeOf = (type: string): number => WORDS[type]?.count ?? Number(type.replace("string", ""));

/** How a numeric field stands in its registers, without its scale; undefined for a string. */
export function fieldEncoding({ type }: SunspecField): Encoding | undefined {
  const word = WORDS[type];
  if (word === undefined) return undefined;
  return { type: word.type, words: "big", scale: 1, unit: "1", sign: 1, sentinels: [word.missing] };
}

function fieldsOf(table: string, start: number): { readonly fields: Fields; readonly end: number } {
  const fields: Record<string, SunspecField> = {};
  let offset = start;
  for (const row of table.split(",")) {
    const [name = "", type = "", ...rest] = row.trim().split(" ");
    const scaleFactor = rest.find((word) => word !== "rw");
    const count = sizeOf(type);
    const writable = rest.includes("rw");
    fields[name] = { name, offset, type, count, writable, ...(scaleFactor && { scaleFactor }) };
    offset += count;
  }
  return { fields, end: offset };
}

function model(id: number, table: string, blockTable?: string): SunspecModel {
  const { fields, end } = fieldsOf(table, MODEL_HEAD);
  const head = { id, length: end - MODEL_HEAD, fields };
  if (blockTable === undefined) return head;
  const block = fieldsOf(blockTable, 0);
  return { ...head, block: { length: block.end, fields: block.fields } };
}

/** Model id → its table. */
export const SUNSPEC_MODELS: ReadonlyMap<number, SunspecModel> = new Map(
  [
    model(1, COMMON),
    model(101, INVERTER),
    model(102, INVERTER),
    model(103, INVERTER),
    model(120, NAMEPLATE),
    model(121, SETTINGS),
    model(122, STATUS),
    model(123, CONTROLS),
    model(160, MPPT, MPPT_MODULE),
  ].map((entry) => [entry.id, entry]),
);

export interface SunspecReference {
  readonly model: SunspecModel;
  readonly field: SunspecField;
}

/** Looks `103:W` up; undefined when no table has it. */
export function findField(reference: string): SunspecReference | undefined {
  const [id, name = ""] = reference.split(":");
  const found = SUNSPEC_MODELS.get(Number(id));
  const field = found?.fields[name];
  return found === undefined || field === undefined ? undefined : { model: found, field };
}
