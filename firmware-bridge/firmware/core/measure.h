/* True RMS voltage and current, power and frequency from alternating samples of the two. A window is one whole cycle, from
 * one rising zero crossing to the next, or GW_WINDOW_MAX samples where nothing crosses. gw_sample runs in an interrupt. */
#ifndef GW_MEASURE_H
#define GW_MEASURE_H
#include "../generated/protocol.h"

#define GW_PAIR_US 512UL /* from one pair of samples to the next */
#define GW_WINDOW_MAX 64
/* What stands before it is done before it: the interrupt hands windows over by a flag. */
#define GW_BARRIER() __asm__ __volatile__("" ::: "memory")

/* Sums over one window, in counts around the middle of the converter. */
typedef struct {
  uint8_t n;
  int32_t v, i, vi;
  uint32_t vv, ii;
  int16_t v_min, v_max, i_min, i_max;
  uint16_t period; /* samples × 256; 0: nothing crossed */
} gw_window;

typedef struct {
  gw_window now, done;
  volatile bool ready;
  int16_t v_last, offset;
  uint8_t fraction;
  bool armed, crossed;
} gw_sampler;

typedef struct {
  uint16_t volt_cv;
  uint32_t current_ma, frequency_mhz, apparent_va;
  int32_t power_w;
  bool lost; /* the converter stands at a rail, or the voltage is clipped */
} gw_values;

/* One pair: raw readings 0 … 1023, the voltage taken half a pair after the current. */
void gw_sample(gw_sampler *s, uint16_t volt, uint16_t ampere);

/* Gains in 0.1 mV and 0.1 mA per count. Positive power is consumption. */
void gw_reckon(const gw_window *w, const gw_configure_box *box, gw_values *out);

#endif
