// SunSpec models of inverters: 101–103 and 111–113 (measurements), 120–124 (rating, settings, status, controls), 160
// (inputs). Rows: name, type, scale factor, rw. Facts from the SunSpec information models, compared in models.test.ts.

/** 101–103: integers with scale factors. */
export const INVERTER = `
  A uint16 A_SF, AphA uint16 A_SF, AphB uint16 A_SF, AphC uint16 A_SF, A_SF sunssf, PPVphAB uint16 V_SF,
  PPVphBC uint16 V_SF, PPVphCA uint16 V_SF, PhVphA uint16 V_SF, PhVphB uint16 V_SF, PhVphC uint16 V_SF,
  V_SF sunssf, W int16 W_SF, W_SF sunssf, Hz uint16 Hz_SF, Hz_SF sunssf, VA int16 VA_SF, VA_SF sunssf,
  VAr int16 VAr_SF, VAr_SF sunssf, PF int16 PF_SF, PF_SF sunssf, WH acc32 WH_SF, WH_SF sunssf,
  DCA uint16 DCA_SF, DCA_SF sunssf, DCV uint16 DCV_SF, DCV_SF sunssf, DCW int16 DCW_SF, DCW_SF sunssf,
  TmpCab int16 Tmp_SF, TmpSnk int16 Tmp_SF, TmpTrns int16 Tmp_SF, TmpOt int16 Tmp_SF, Tmp_SF sunssf,
  St enum16, StVnd enum16, Evt1 bitfield32, Evt2 bitfield32, EvtVnd1 bitfield32, EvtVnd2 bitfield32,
  EvtVnd3 bitfield32, EvtVnd4 bitfield32
`;

/** 111–113: floats. */
export const INVERTER_FLOAT = `
  A float32, AphA float32, AphB float32, AphC float32, PPVphAB float32, PPVphBC float32, PPVphCA float32,
  PhVphA float32, PhVphB float32, PhVphC float32, W float32, Hz float32, VA float32, VAr float32,
  PF float32, WH float32, DCA float32, DCV float32, DCW float32, TmpCab float32, TmpSnk float32,
  TmpTrns float32, TmpOt float32, St enum16, StVnd enum16, Evt1 bitfield32, Evt2 bitfield32,
  EvtVnd1 bitfield32, EvtVnd2 bitfield32, EvtVnd3 bitfield32, EvtVnd4 bitfield32
`;

/** 120 */
export const NAMEPLATE = `
  DERTyp enum16, WRtg uint16 WRtg_SF, WRtg_SF sunssf, VARtg uint16 VARtg_SF, VARtg_SF sunssf,
  VArRtgQ1 int16 VArRtg_SF, VArRtgQ2 int16 VArRtg_SF, VArRtgQ3 int16 VArRtg_SF, VArRtgQ4 int16 VArRtg_SF,
  VArRtg_SF sunssf, ARtg uint16 ARtg_SF, ARtg_SF sunssf, PFRtgQ1 int16 PFRtg_SF, PFRtgQ2 int16 PFRtg_SF,
  PFRtgQ3 int16 PFRtg_SF, PFRtgQ4 int16 PFRtg_SF, PFRtg_SF sunssf, WHRtg uint16 WHRtg_SF, WHRtg_SF sunssf,
  AhrRtg uint16 AhrRtg_SF, AhrRtg_SF sunssf, MaxChaRte uint16 MaxChaRte_SF, MaxChaRte_SF sunssf,
  MaxDisChaRte uint16 MaxDisChaRte_SF, MaxDisChaRte_SF sunssf, Pad pad
`;

/** 121 */
export const SETTINGS = `
  WMax uint16 WMax_SF rw, VRef uint16 VRef_SF rw, VRefOfs int16 VRefOfs_SF rw, VMax uint16 VMinMax_SF rw,
  VMin uint16 VMinMax_SF rw, VAMax uint16 VAMax_SF rw, VArMaxQ1 int16 VArMax_SF rw,
  VArMaxQ2 int16 VArMax_SF rw, VArMaxQ3 int16 VArMax_SF rw, VArMaxQ4 int16 VArMax_SF rw,
  WGra uint16 WGra_SF rw, PFMinQ1 int16 PFMin_SF rw, PFMinQ2 int16 PFMin_SF rw, PFMinQ3 int16 PFMin_SF rw,
  PFMinQ4 int16 PFMin_SF rw, VArAct enum16 rw, ClcTotVA enum16 rw, MaxRmpRte uint16 MaxRmpRte_SF rw,
  ECPNomHz uint16 ECPNomHz_SF rw, ConnPh enum16 rw, WMax_SF sunssf, VRef_SF sunssf, VRefOfs_SF sunssf,
  VMinMax_SF sunssf, VAMax_SF sunssf, VArMax_SF sunssf, WGra_SF sunssf, PFMin_SF sunssf,
  MaxRmpRte_SF sunssf, ECPNomHz_SF sunssf
`;

/** 122 */
export const STATUS = `
  PVConn bitfield16, StorConn bitfield16, ECPConn bitfield16, ActWh acc64, ActVAh acc64, ActVArhQ1 acc64,
  ActVArhQ2 acc64, ActVArhQ3 acc64, ActVArhQ4 acc64, VArAval int16 VArAval_SF, VArAval_SF sunssf,
  WAval uint16 WAval_SF, WAval_SF sunssf, StSetLimMsk bitfield32, StActCtl bitfield32, TmSrc string4,
  Tms uint32, RtSt bitfield16, Ris uint16 Ris_SF, Ris_SF sunssf
`;

/** 123 */
export const CONTROLS = `
  Conn_WinTms uint16 rw, Conn_RvrtTms uint16 rw, Conn enum16 rw, WMaxLimPct uint16 WMaxLimPct_SF rw,
  WMaxLimPct_WinTms uint16 rw, WMaxLimPct_RvrtTms uint16 rw, WMaxLimPct_RmpTms uint16 rw,
  WMaxLim_Ena enum16 rw, OutPFSet int16 OutPFSet_SF rw, OutPFSet_WinTms uint16 rw,
  OutPFSet_RvrtTms uint16 rw, OutPFSet_RmpTms uint16 rw, OutPFSet_Ena enum16 rw,
  VArWMaxPct int16 VArPct_SF rw, VArMaxPct int16 VArPct_SF rw, VArAvalPct int16 VArPct_SF rw,
  VArPct_WinTms uint16 rw, VArPct_RvrtTms uint16 rw, VArPct_RmpTms uint16 rw, VArPct_Mod enum16 rw,
  VArPct_Ena enum16 rw, WMaxLimPct_SF sunssf, OutPFSet_SF sunssf, VArPct_SF sunssf
`;

/** 124 */
export const STORAGE = `
  WChaMax uint16 WChaMax_SF rw, WChaGra uint16 WChaDisChaGra_SF rw, WDisChaGra uint16 WChaDisChaGra_SF rw,
  StorCtl_Mod bitfield16 rw, VAChaMax uint16 VAChaMax_SF rw, MinRsvPct uint16 MinRsvPct_SF rw,
  ChaState uint16 ChaState_SF, StorAval uint16 StorAval_SF, InBatV uint16 InBatV_SF, ChaSt enum16,
  OutWRte int16 InOutWRte_SF rw, InWRte int16 InOutWRte_SF rw, InOutWRte_WinTms uint16 rw,
  InOutWRte_RvrtTms uint16 rw, InOutWRte_RmpTms uint16 rw, ChaGriSet enum16 rw, WChaMax_SF sunssf,
  WChaDisChaGra_SF sunssf, VAChaMax_SF sunssf, MinRsvPct_SF sunssf, ChaState_SF sunssf,
  StorAval_SF sunssf, InBatV_SF sunssf, InOutWRte_SF sunssf
`;

/** 160 */
export const MPPT = `
  DCA_SF sunssf, DCV_SF sunssf, DCW_SF sunssf, DCWH_SF sunssf, Evt bitfield32, N count, TmsPer uint16
`;

/** 160: one input. */
export const MPPT_MODULE = `
  ID uint16, IDStr string8, DCA uint16 DCA_SF, DCV uint16 DCV_SF, DCW uint16 DCW_SF, DCWH acc32 DCWH_SF,
  Tms uint32, Tmp int16, DCSt enum16, DCEvt bitfield32
`;
