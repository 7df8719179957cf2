// SunSpec models of weather: 302–307. Rows: name, type, scale factor or fixed power of ten, rw. Models 302–304 are
// nothing but a repeated block. Facts from the SunSpec information models, compared in models.test.ts.

/** 302: one sensor. */
export const IRRADIANCE = `
  GHI uint16, POAI uint16, DFI uint16, DNI uint16, OTI uint16
`;

/** 303: one sensor. */
export const MODULE_TEMPERATURE = `
  TmpBOM int16 -1
`;

/** 304: one sensor. */
export const INCLINOMETER = `
  Inclx int32 -2, Incly int32 -2, Inclz int32 -2
`;

/** 305 */
export const LOCATION = `
  Tm string6, Date string4, Loc string20, Lat int32 -7, Long int32 -7, Alt int32
`;

/** 306 */
export const REFERENCE_POINT = `
  GHI uint16, A uint16, V uint16, Tmp uint16
`;

/** 307 */
export const WEATHER = `
  TmpAmb int16 -1, RH int16, Pres int16, WndSpd int16, WndDir int16, Rain int16, Snw int16, PPT int16,
  ElecFld int16, SurWet int16, SoilWet int16
`;
