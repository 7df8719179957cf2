#include "measure.h"

#include <string.h>

#define MIDDLE 512
#define ARM_COUNTS 12
#define RAIL_COUNTS 496
#define STUCK_COUNTS 4

static void restart(gw_window *w) {
  memset(w, 0, sizeof *w);
  w->v_min = w->i_min = MIDDLE;
  w->v_max = w->i_max = -MIDDLE;
}

static void finish(gw_sampler *s, uint16_t period) {
  s->now.period = period;
  s->offset = (int16_t)(s->now.v / s->now.n);
  if (!s->ready) {
    s->done = s->now;
    GW_BARRIER();
    s->ready = true;
  }
  restart(&s->now);
}

static void add(gw_window *w, int16_t v, int16_t v_between, int16_t i) {
  w->n++;
  w->v += v;
  w->i += i;
  w->vv += (uint32_t)((int32_t)v * v);
  w->ii += (uint32_t)((int32_t)i * i);
  w->vi += (int32_t)v_between * i;
  if (v < w->v_min) w->v_min = v;
  if (v > w->v_max) w->v_max = v;
  if (i < w->i_min) w->i_min = i;
  if (i > w->i_max) w->i_max = i;
}

void gw_sample(gw_sampler *s, uint16_t volt, uint16_t ampere) {
  int16_t v = (int16_t)(volt - MIDDLE), i = (int16_t)(ampere - MIDDLE);
  int16_t before = s->v_last - s->offset, after = v - s->offset;
  if (s->now.n == 0) restart(&s->now);
  if (after < -ARM_COUNTS) s->armed = true;
  if (s->armed && after >= 0 && before < 0 && s->now.n > 0) {
    uint8_t fraction = (uint8_t)((uint32_t)(uint16_t)-before * 255u / (uint16_t)(after - before));
    uint16_t period = (uint16_t)((uint16_t)s->now.n * 256u + fraction - s->fraction);
    s->armed = false;
    finish(s, s->crossed ? period : 0);
    s->fraction = fraction;
    s->crossed = true;
  } else if (s->now.n >= GW_WINDOW_MAX) {
    finish(s, 0);
    s->crossed = false;
  }
  add(&s->now, v, (int16_t)((s->v_last + v) / 2), i);
  s->v_last = v;
}

static uint16_t root(uint32_t square) {
  uint32_t result = 0;
  for (uint32_t bit = 1UL << 30; bit != 0; bit >>= 2) {
    if (square >= result + bit) {
      square -= result + bit;
      result = (result >> 1) + bit;
    } else {
      result >>= 1;
    }
  }
  return (uint16_t)result;
}

/* The sum of products around the two means. */
static int32_t around(int32_t products, int32_t a, int32_t b, uint8_t n) {
  return products - (int32_t)((int64_t)a * b / n);
}

static bool stuck(int16_t low, int16_t high) {
  return high - low < STUCK_COUNTS && (low > RAIL_COUNTS || high < -RAIL_COUNTS);
}

/* A cycle is no whole number of samples. At its ends the voltage is zero, and with it the product: their means are over the
 * cycle's true length. The current may be anything there: its mean is over the samples, within 1.3 %. */
void gw_reckon(const gw_window *w, const gw_configure_box *box, gw_values *out) {
  uint32_t length = w->period ? w->period : w->n * 256u; /* samples × 256 */
  uint32_t volt4 = root((uint32_t)((uint64_t)around((int32_t)w->vv, w->v, w->v, w->n) * 4096u / length));
  uint32_t ampere4 = root((uint32_t)around((int32_t)w->ii, w->i, w->i, w->n) * 16u / w->n);
  uint32_t cv = volt4 * box->volt_gain / 400u;
  int64_t product = (int64_t)around(w->vi, w->v, w->i, w->n) * 256 / (int32_t)length;
  out->volt_cv = cv > UINT16_MAX ? UINT16_MAX : (uint16_t)cv;
  out->current_ma = ampere4 * box->amp_gain / 40u;
  out->apparent_va = (uint32_t)((uint64_t)cv * out->current_ma / 100000u);
  out->power_w = (int32_t)(product * box->volt_gain * box->amp_gain / 100000000);
  out->frequency_mhz = w->period == 0 ? 0 : (uint32_t)(256000000000ULL / GW_PAIR_US) / w->period;
  out->lost = stuck(w->v_min, w->v_max) || stuck(w->i_min, w->i_max) ||
              (w->v_min <= -MIDDLE && w->v_max >= MIDDLE - 1);
}
