/* L1: what the box does about the supply with nobody's help. A feeder box pulls the shed line on overload or sag; a load
 * box follows the line and the table of its source. Figures: an inverter clips its voltage when it has no more to give, a
 * generator drops its frequency, by 10 % for 5 s at an allowed load step (ISO 8528-5 G2); the public grid sheds by itself. */
#include "box.h"

#define SAG_PERCENT 85
#define ORDER_PERCENT 90
#define DEAD_PERCENT 30
#define FEEDER_SAG_MS 100
#define LOAD_SAG_MS 200
#define OVERLOAD_MS 100
#define SLOW_PERCENT 110
#define DEAD_MS 100
#define LOW_MHZ 47000UL
#define LOW_MS 5000
#define VERY_LOW_MHZ 44900UL /* 45 Hz less what the crossings leave uncertain */
#define VERY_LOW_MS 500
#define NO_WINDOW_MS 200
#define MACHINE_DWELL_MS 500
#define INRUSH_MS 1000
#define WH (int32_t)(3600000000UL / GW_PAIR_US) /* of energy_part */

bool gw_lasted(gw_lasting *lasting, bool holds, uint32_t now, uint32_t for_ms) {
  if (holds && !lasting->holds) lasting->from = now;
  lasting->holds = holds;
  return holds && now - lasting->from >= for_ms;
}

static void measured(gw_box *box, bool lost) {
  if (lost == box->lost) return;
  box->lost = lost;
  box->changed = true;
  gw_note(box, lost ? GW_EVENT_MEASUREMENT_LOST : GW_EVENT_MEASUREMENT_BACK, GW_NO_CHANNEL, box->values.volt_cv);
}

static void shed(gw_box *box, uint8_t event, uint16_t value) {
  if (box->shedding) return;
  box->shedding = true;
  box->changed = true;
  if (box->conf.duty == GW_DUTY_FEEDER_BOX) gw_hal_pull_shed_line(true);
  gw_note(box, event, GW_NO_CHANNEL, value);
}

static bool below(const gw_box *box, uint8_t percent) {
  return box->conf.nominal_dv > 0 && !box->lost && box->values.volt_cv < (uint32_t)box->conf.nominal_dv * percent / 10;
}

static uint32_t load_percent(const gw_box *box) {
  uint32_t by_current = box->conf.rated_ma ? (uint32_t)(box->values.current_ma * 100ULL / box->conf.rated_ma) : 0;
  uint32_t by_va = box->conf.rated_va ? (uint32_t)(box->values.apparent_va * 100ULL / box->conf.rated_va) : 0;
  return by_current > by_va ? by_current : by_va;
}

static void guard_bus(gw_box *box) {
  bool dead = gw_lasted(&box->dead, below(box, DEAD_PERCENT), box->now, DEAD_MS);
  if (dead == box->bus_dead || (box->bus_dead && below(box, SAG_PERCENT))) return;
  box->bus_dead = dead;
  box->changed = true;
  gw_note(box, dead ? GW_EVENT_BUS_DEAD : GW_EVENT_BUS_BACK, GW_NO_CHANNEL, box->values.volt_cv);
}

static void guard_voltage(gw_box *box) {
  bool clips = box->source == GW_SOURCE_INVERTER || box->source == GW_SOURCE_UNKNOWN;
  uint32_t after = box->conf.duty == GW_DUTY_FEEDER_BOX ? FEEDER_SAG_MS : LOAD_SAG_MS;
  bool sags = clips && below(box, SAG_PERCENT) && !below(box, DEAD_PERCENT);
  if (gw_lasted(&box->sag, sags, box->now, after)) shed(box, GW_EVENT_SHED_SAG, box->values.volt_cv);
}

static void guard_frequency(gw_box *box) {
  uint32_t f = box->values.frequency_mhz;
  bool watched = box->source == GW_SOURCE_GENERATOR && f > 0;
  bool low = gw_lasted(&box->low, watched && f < LOW_MHZ, box->now, LOW_MS);
  bool very_low = gw_lasted(&box->very_low, watched && f < VERY_LOW_MHZ, box->now, VERY_LOW_MS);
  if (low || very_low) shed(box, GW_EVENT_SHED_FREQUENCY, (uint16_t)(f / 10));
}

static void guard_load(gw_box *box) {
  uint32_t percent = load_percent(box);
  bool over = box->conf.overload_percent > 0 && percent >= box->conf.overload_percent;
  bool slow = box->conf.slow_s > 0 && percent > SLOW_PERCENT;
  bool at_once = gw_lasted(&box->over, over, box->now, OVERLOAD_MS);
  bool at_last = gw_lasted(&box->slow, slow, box->now, box->conf.slow_s * 1000UL);
  if (at_once || at_last) shed(box, GW_EVENT_SHED_OVERLOAD, (uint16_t)(box->values.current_ma / 100));
}

static uint8_t machine_now(const gw_box *box, const gw_channel *c, bool past_inrush) {
  uint32_t ma = box->values.current_ma;
  if (c->conf.overload_ma > 0 && ma >= c->conf.overload_ma && past_inrush) return GW_MACHINE_OVERLOAD;
  if (ma >= c->conf.run_ma) return GW_MACHINE_RUNNING;
  return ma >= c->conf.idle_ma ? GW_MACHINE_IDLE : GW_MACHINE_STANDBY;
}

/* Rises at once, falls after a while: a motor between two cuts is not yet idle. */
static void watch_machine(gw_box *box) {
  const gw_channel *c = 0;
  for (uint8_t at = 0; at < GW_CHANNELS && c == 0; at++) {
    if (box->channels[at].on && box->channels[at].conf.role == GW_ROLE_MACHINE) c = &box->channels[at];
  }
  bool past = gw_lasted(&box->inrush, c && box->values.current_ma >= c->conf.run_ma, box->now, INRUSH_MS);
  uint8_t state = c ? machine_now(box, c, past) : GW_MACHINE_OFF;
  bool fell = gw_lasted(&box->machine_lower, state < box->machine, box->now, MACHINE_DWELL_MS);
  if (state == box->machine || (state < box->machine && c && !fell)) return;
  box->machine = state;
  box->changed = true;
  uint16_t value = (uint16_t)(box->values.current_ma / 100);
  if (state == GW_MACHINE_OVERLOAD) gw_note(box, GW_EVENT_MACHINE_OVERLOAD, (uint8_t)(c - box->channels), value);
}

static void take_window(gw_box *box) {
  gw_window window = box->sampler.done;
  GW_BARRIER();
  box->sampler.ready = false;
  box->window_at = box->now;
  gw_reckon(&window, &box->conf, &box->values);
  measured(box, box->values.lost);
  if (box->lost) return;
  box->energy_part += box->values.power_w * window.n;
  if (box->energy_part >= WH) {
    box->energy_part -= WH;
    box->energy_wh++;
  }
  guard_bus(box);
  guard_voltage(box);
  guard_frequency(box);
  guard_load(box);
  watch_machine(box);
}

void gw_guard(gw_box *box) {
  bool measures = box->conf.volt_gain > 0 && box->conf.amp_gain > 0;
  if (measures && box->sampler.ready) take_window(box);
  if (measures && box->now - box->window_at > NO_WINDOW_MS) measured(box, true);
  bool line = box->conf.duty == GW_DUTY_LOAD_BOX && gw_hal_shed_line_pulled();
  if (line) shed(box, GW_EVENT_SHED_LINE, box->values.volt_cv);
  bool troubled = line || box->bus_dead || below(box, ORDER_PERCENT) || box->over.holds || box->slow.holds ||
                  box->low.holds || box->very_low.holds;
  if (troubled) box->in_order_from = box->now;
  bool calm = gw_lasted(&box->calm, !troubled, box->now, box->conf.quiet_s * 1000UL);
  if (!box->shedding || !calm || box->lost) return;
  box->shedding = false;
  box->changed = true;
  if (box->conf.duty == GW_DUTY_FEEDER_BOX) gw_hal_pull_shed_line(false);
  gw_note(box, GW_EVENT_SHED_OVER, GW_NO_CHANNEL, box->values.volt_cv);
}
