// SunSpec models of AC meters: 201–204 (integers with scale factors) and 211–214 (floats). Rows: name, type, scale
// factor, rw. Facts from the SunSpec information models, compared in models.test.ts.

/** 201–204 */
export const METER = `
  A int16 A_SF, AphA int16 A_SF, AphB int16 A_SF, AphC int16 A_SF, A_SF sunssf, PhV int16 V_SF,
  PhVphA int16 V_SF, PhVphB int16 V_SF, PhVphC int16 V_SF, PPV int16 V_SF, PPVphAB int16 V_SF,
  PPVphBC int16 V_SF, PPVphCA int16 V_SF, V_SF sunssf, Hz int16 Hz_SF, Hz_SF sunssf, W int16 W_SF,
  WphA int16 W_SF, WphB int16 W_SF, WphC int16 W_SF, W_SF sunssf, VA int16 VA_SF, VAphA int16 VA_SF,
  VAphB int16 VA_SF, VAphC int16 VA_SF, VA_SF sunssf, VAR int16 VAR_SF, VARphA int16 VAR_SF,
  VARphB int16 VAR_SF, VARphC int16 VAR_SF, VAR_SF sunssf, PF int16 PF_SF, PFphA int16 PF_SF,
  PFphB int16 PF_SF, PFphC int16 PF_SF, PF_SF sunssf, TotWhExp acc32 TotWh_SF, TotWhExpPhA acc32 TotWh_SF,
  TotWhExpPhB acc32 TotWh_SF, TotWhExpPhC acc32 TotWh_SF, TotWhImp acc32 TotWh_SF,
  TotWhImpPhA acc32 TotWh_SF, TotWhImpPhB acc32 TotWh_SF, TotWhImpPhC acc32 TotWh_SF, TotWh_SF sunssf,
  TotVAhExp acc32 TotVAh_SF, TotVAhExpPhA acc32 TotVAh_SF, TotVAhExpPhB acc32 TotVAh_SF,
  TotVAhExpPhC acc32 TotVAh_SF, TotVAhImp acc32 TotVAh_SF, TotVAhImpPhA acc32 TotVAh_SF,
  TotVAhImpPhB acc32 TotVAh_SF, TotVAhImpPhC acc32 TotVAh_SF, TotVAh_SF sunssf,
  TotVArhImpQ1 acc32 TotVArh_SF, TotVArhImpQ1PhA acc32 TotVArh_SF, TotVArhImpQ1PhB acc32 TotVArh_SF,
  TotVArhImpQ1PhC acc32 TotVArh_SF, TotVArhImpQ2 acc32 TotVArh_SF, TotVArhImpQ2PhA acc32 TotVArh_SF,
  TotVArhImpQ2PhB acc32 TotVArh_SF, TotVArhImpQ2PhC acc32 TotVArh_SF, TotVArhExpQ3 acc32 TotVArh_SF,
  TotVArhExpQ3PhA acc32 TotVArh_SF, TotVArhExpQ3PhB acc32 TotVArh_SF, TotVArhExpQ3PhC acc32 TotVArh_SF,
  TotVArhExpQ4 acc32 TotVArh_SF, TotVArhExpQ4PhA acc32 TotVArh_SF, TotVArhExpQ4PhB acc32 TotVArh_SF,
  TotVArhExpQ4PhC acc32 TotVArh_SF, TotVArh_SF sunssf, Evt bitfield32
`;

/** 211–214 */
export const METER_FLOAT = `
  A float32, AphA float32, AphB float32, AphC float32, PhV float32, PhVphA float32, PhVphB float32,
  PhVphC float32, PPV float32, PPVphAB float32, PPVphBC float32, PPVphCA float32, Hz float32, W float32,
  WphA float32, WphB float32, WphC float32, VA float32, VAphA float32, VAphB float32, VAphC float32,
  VAR float32, VARphA float32, VARphB float32, VARphC float32, PF float32, PFphA float32, PFphB float32,
  PFphC float32, TotWhExp float32, TotWhExpPhA float32, TotWhExpPhB float32, TotWhExpPhC float32,
  TotWhImp float32, TotWhImpPhA float32, TotWhImpPhB float32, TotWhImpPhC float32, TotVAhExp float32,
  TotVAhExpPhA float32, TotVAhExpPhB float32, TotVAhExpPhC float32, TotVAhImp float32,
  TotVAhImpPhA float32, TotVAhImpPhB float32, TotVAhImpPhC float32, TotVArhImpQ1 float32,
  TotVArhImpQ1phA float32, TotVArhImpQ1phB float32, TotVArhImpQ1phC float32, TotVArhImpQ2 float32,
  TotVArhImpQ2phA float32, TotVArhImpQ2phB float32, TotVArhImpQ2phC float32, TotVArhExpQ3 float32,
  TotVArhExpQ3phA float32, TotVArhExpQ3phB float32, TotVArhExpQ3phC float32, TotVArhExpQ4 float32,
  TotVArhExpQ4phA float32, TotVArhExpQ4phB float32, TotVArhExpQ4phC float32, Evt bitfield32
`;
