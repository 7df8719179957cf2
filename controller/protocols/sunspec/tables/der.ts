// SunSpec models of IEEE 1547-2018: 701–704, 713, 714. Rows: name, type, scale factor, rw. The points of groups that
// stand once are named group_point. Facts from the SunSpec information models, compared in models.test.ts.

/** 701 */
export const DER_MEASURE = `
  ACType enum16, St enum16, InvSt enum16, ConnSt enum16, Alrm bitfield32, DERMode bitfield32,
  W int16 W_SF, VA int16 VA_SF, Var int16 Var_SF, PF int16 PF_SF, A int16 A_SF, LLV uint16 V_SF,
  LNV uint16 V_SF, Hz uint32 Hz_SF, TotWhInj uint64 TotWh_SF, TotWhAbs uint64 TotWh_SF,
  TotVarhInj uint64 TotVarh_SF, TotVarhAbs uint64 TotVarh_SF, TmpAmb int16 Tmp_SF, TmpCab int16 Tmp_SF,
  TmpSnk int16 Tmp_SF, TmpTrns int16 Tmp_SF, TmpSw int16 Tmp_SF, TmpOt int16 Tmp_SF, WL1 int16 W_SF,
  VAL1 int16 VA_SF, VarL1 int16 Var_SF, PFL1 int16 PF_SF, AL1 int16 A_SF, VL1L2 uint16 V_SF,
  VL1 uint16 V_SF, TotWhInjL1 uint64 TotWh_SF, TotWhAbsL1 uint64 TotWh_SF, TotVarhInjL1 uint64 TotVarh_SF,
  TotVarhAbsL1 uint64 TotVarh_SF, WL2 int16 W_SF, VAL2 int16 VA_SF, VarL2 int16 Var_SF, PFL2 int16 PF_SF,
  AL2 int16 A_SF, VL2L3 uint16 V_SF, VL2 uint16 V_SF, TotWhInjL2 uint64 TotWh_SF,
  TotWhAbsL2 uint64 TotWh_SF, TotVarhInjL2 uint64 TotVarh_SF, TotVarhAbsL2 uint64 TotVarh_SF,
  WL3 int16 W_SF, VAL3 int16 VA_SF, VarL3 int16 Var_SF, PFL3 int16 PF_SF, AL3 int16 A_SF,
  VL3L1 uint16 V_SF, VL3 uint16 V_SF, TotWhInjL3 uint64 TotWh_SF, TotWhAbsL3 uint64 TotWh_SF,
  TotVarhInjL3 uint64 TotVarh_SF, TotVarhAbsL3 uint64 TotVarh_SF, ThrotPct uint16, ThrotSrc bitfield32,
  A_SF sunssf, V_SF sunssf, Hz_SF sunssf, W_SF sunssf, PF_SF sunssf, VA_SF sunssf, Var_SF sunssf,
  TotWh_SF sunssf, TotVarh_SF sunssf, Tmp_SF sunssf, MnAlrmInfo string32
`;

/** 702 */
export const DER_CAPACITY = `
  WMaxRtg uint16 W_SF, WOvrExtRtg uint16 W_SF, WOvrExtRtgPF uint16 PF_SF, WUndExtRtg uint16 W_SF,
  WUndExtRtgPF uint16 PF_SF, VAMaxRtg uint16 VA_SF, VarMaxInjRtg uint16 Var_SF,
  VarMaxAbsRtg uint16 Var_SF, WChaRteMaxRtg uint16 W_SF, WDisChaRteMaxRtg uint16 W_SF,
  VAChaRteMaxRtg uint16 VA_SF, VADisChaRteMaxRtg uint16 VA_SF, VNomRtg uint16 V_SF, VMaxRtg uint16 V_SF,
  VMinRtg uint16 V_SF, AMaxRtg uint16 A_SF, PFOvrExtRtg uint16 PF_SF, PFUndExtRtg uint16 PF_SF,
  ReactSusceptRtg uint16 S_SF, NorOpCatRtg enum16, AbnOpCatRtg enum16, CtrlModes bitfield32,
  IntIslandCatRtg bitfield16, WMax uint16 W_SF rw, WMaxOvrExt uint16 W_SF rw, WOvrExtPF uint16 PF_SF rw,
  WMaxUndExt uint16 W_SF rw, WUndExtPF uint16 PF_SF rw, VAMax uint16 VA_SF rw, VarMaxInj uint16 Var_SF rw,
  VarMaxAbs uint16 Var_SF rw, WChaRteMax uint16 W_SF rw, WDisChaRteMax uint16 W_SF rw,
  VAChaRteMax uint16 VA_SF rw, VADisChaRteMax uint16 VA_SF rw, VNom uint16 V_SF rw, VMax uint16 V_SF rw,
  VMin uint16 V_SF rw, AMax uint16 A_SF rw, PFOvrExt uint16 PF_SF rw, PFUndExt uint16 PF_SF rw,
  IntIslandCat bitfield16 rw, W_SF sunssf, PF_SF sunssf, VA_SF sunssf, Var_SF sunssf, V_SF sunssf,
  A_SF sunssf, S_SF sunssf
`;

/** 703 */
export const DER_ENTER = `
  ES enum16 rw, ESVHi uint16 V_SF rw, ESVLo uint16 V_SF rw, ESHzHi uint32 Hz_SF rw,
  ESHzLo uint32 Hz_SF rw, ESDlyTms uint32 rw, ESRndTms uint32 rw, ESRmpTms uint32 rw, ESDlyRemTms uint32,
  V_SF sunssf, Hz_SF sunssf
`;

/** 704 */
export const DER_CONTROLS = `
  PFWInjEna enum16 rw, PFWInjEnaRvrt enum16 rw, PFWInjRvrtTms uint32 rw, PFWInjRvrtRem uint32,
  PFWAbsEna enum16 rw, PFWAbsEnaRvrt enum16 rw, PFWAbsRvrtTms uint32 rw, PFWAbsRvrtRem uint32,
  WMaxLimPctEna enum16 rw, WMaxLimPct uint16 WMaxLimPct_SF rw, WMaxLimPctRvrt uint16 WMaxLimPct_SF rw,
  WMaxLimPctEnaRvrt enum16 rw, WMaxLimPctRvrtTms uint32 rw, WMaxLimPctRvrtRem uint32, WSetEna enum16 rw,
  WSetMod enum16 rw, WSet int32 WSet_SF rw, WSetRvrt int32 WSet_SF rw, WSetPct int16 WSetPct_SF rw,
  WSetPctRvrt int16 WSetPct_SF rw, WSetEnaRvrt enum16 rw, WSetRvrtTms uint32 rw, WSetRvrtRem uint32,
  VarSetEna enum16 rw, VarSetMod enum16 rw, VarSetPri enum16 rw, VarSet int32 VarSet_SF rw,
  VarSetRvrt int32 VarSet_SF rw, VarSetPct int16 VarSetPct_SF rw, VarSetPctRvrt int16 VarSetPct_SF rw,
  VarSetEnaRvrt enum16 rw, VarSetRvrtTms uint32 rw, VarSetRvrtRem uint32, WRmp uint16 rw,
  WRmpRef enum16 rw, VarRmp uint16 rw, AntiIslEna enum16 rw, PF_SF sunssf, WMaxLimPct_SF sunssf,
  WSet_SF sunssf, WSetPct_SF sunssf, VarSet_SF sunssf, VarSetPct_SF sunssf, PFWInj_PF uint16 PF_SF rw,
  PFWInj_Ext enum16 rw, PFWInjRvrt_PF uint16 PF_SF rw, PFWInjRvrt_Ext enum16 rw,
  PFWAbs_PF uint16 PF_SF rw, PFWAbs_Ext enum16 rw, PFWAbsRvrt_PF uint16 PF_SF rw, PFWAbsRvrt_Ext enum16 rw
`;

/** 713 */
export const DER_STORAGE = `
  WHRtg uint16 WH_SF, WHAvail uint16 WH_SF, SoC uint16 Pct_SF, SoH uint16 Pct_SF, Sta enum16,
  WH_SF sunssf, Pct_SF sunssf
`;

/** 714 */
export const DER_DC = `
  PrtAlrms bitfield32, NPrt uint16, DCA int16 DCA_SF, DCW int16 DCW_SF, DCWhInj uint64 DCWH_SF,
  DCWhAbs uint64 DCWH_SF, DCA_SF sunssf, DCV_SF sunssf, DCW_SF sunssf, DCWH_SF sunssf, Tmp_SF sunssf
`;

/** 714: one port. */
export const DER_DC_PORT = `
  PrtTyp enum16, ID uint16, IDStr string8, DCA int16 DCA_SF, DCV uint16 DCV_SF, DCW int16 DCW_SF,
  DCWhInj uint64 DCWH_SF, DCWhAbs uint64 DCWH_SF, Tmp int16 Tmp_SF, DCSta enum16, DCAlrm bitfield32
`;
