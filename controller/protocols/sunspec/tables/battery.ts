// SunSpec models of batteries: 802 (base) and 803 (lithium-ion bank). Rows: name, type, scale factor, rw.
// Facts from the SunSpec information models, compared in models.test.ts.

/** 802 */
export const BATTERY = `
  AHRtg uint16 AHRtg_SF, WHRtg uint16 WHRtg_SF, WChaRteMax uint16 WChaDisChaMax_SF,
  WDisChaRteMax uint16 WChaDisChaMax_SF, DisChaRte uint16 DisChaRte_SF, SoCMax uint16 SoC_SF,
  SoCMin uint16 SoC_SF, SocRsvMax uint16 SoC_SF rw, SoCRsvMin uint16 SoC_SF rw, SoC uint16 SoC_SF,
  DoD uint16 DoD_SF, SoH uint16 SoH_SF, NCyc uint32, ChaSt enum16, LocRemCtl enum16, Hb uint16,
  CtrlHb uint16 rw, AlmRst uint16 rw, Typ enum16, State enum16, StateVnd enum16, WarrDt uint32,
  Evt1 bitfield32, Evt2 bitfield32, EvtVnd1 bitfield32, EvtVnd2 bitfield32, V uint16 V_SF,
  VMax uint16 V_SF, VMin uint16 V_SF, CellVMax uint16 CellV_SF, CellVMaxStr uint16, CellVMaxMod uint16,
  CellVMin uint16 CellV_SF, CellVMinStr uint16, CellVMinMod uint16, CellVAvg uint16 CellV_SF,
  A int16 A_SF, AChaMax uint16 AMax_SF, ADisChaMax uint16 AMax_SF, W int16 W_SF, ReqInvState enum16,
  ReqW int16 W_SF, SetOp enum16 rw, SetInvState enum16 rw, AHRtg_SF sunssf, WHRtg_SF sunssf,
  WChaDisChaMax_SF sunssf, DisChaRte_SF sunssf, SoC_SF sunssf, DoD_SF sunssf, SoH_SF sunssf, V_SF sunssf,
  CellV_SF sunssf, A_SF sunssf, AMax_SF sunssf, W_SF sunssf
`;

/** 803 */
export const LITHIUM_BANK = `
  NStr uint16, NStrCon uint16, ModTmpMax int16 ModTmp_SF, ModTmpMaxStr uint16, ModTmpMaxMod uint16,
  ModTmpMin int16 ModTmp_SF, ModTmpMinStr uint16, ModTmpMinMod uint16, ModTmpAvg int16 ModTmp_SF,
  StrVMax uint16 V_SF, StrVMaxStr uint16, StrVMin uint16 V_SF, StrVMinStr uint16, StrVAvg uint16 V_SF,
  StrAMax int16 A_SF, StrAMaxStr uint16, StrAMin int16 A_SF, StrAMinStr uint16, StrAAvg int16 A_SF,
  NCellBal uint16, CellV_SF sunssf, ModTmp_SF sunssf, A_SF sunssf, SoH_SF sunssf, SoC_SF sunssf,
  V_SF sunssf
`;

/** 803: one string. */
export const LITHIUM_STRING = `
  StrNMod uint16, StrSt bitfield32, StrConFail enum16, StrSoC uint16 SoC_SF, StrSoH uint16 SoH_SF,
  StrA int16 A_SF, StrCellVMax uint16 CellV_SF, StrCellVMaxMod uint16, StrCellVMin uint16 CellV_SF,
  StrCellVMinMod uint16, StrCellVAvg uint16 CellV_SF, StrModTmpMax int16 ModTmp_SF,
  StrModTmpMaxMod uint16, StrModTmpMin int16 ModTmp_SF, StrModTmpMinMod uint16,
  StrModTmpAvg int16 ModTmp_SF, StrDisRsn enum16, StrConSt bitfield32, StrEvt1 bitfield32,
  StrEvt2 bitfield32, StrEvtVnd1 bitfield32, StrEvtVnd2 bitfield32, StrSetEna enum16 rw,
  StrSetCon enum16 rw, Pad1 pad, Pad2 pad
`;
