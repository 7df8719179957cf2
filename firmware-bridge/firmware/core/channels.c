/* What each channel does now, and why. From the top down: emergency stop, dead bus, shedding, the lease, and where no
 * lease runs the channel's own policy; then interlocks and the shortest times. Only protection ignores the shortest time on. */
#include "box.h"

typedef struct {
  bool on, hard;
  uint8_t cause;
} wish;

static bool dependant_on(const gw_box *box, uint8_t channel) {
  for (uint8_t at = 0; at < GW_CHANNELS; at++) {
    const gw_channel *other = &box->channels[at];
    if (at != channel && other->conf.partner == channel && other->on) return true;
  }
  return false;
}

void gw_end_lease(gw_box *box, uint8_t channel, uint8_t event) {
  gw_channel *c = &box->channels[channel];
  if (!c->leased) return;
  c->leased = false;
  c->rest_from = box->now;
  box->changed = true;
  gw_note(box, event, channel, c->wanted);
}

/* The supply was in order long enough for this tier; no two boxes choose the same moment. */
static bool recovered(const gw_box *box, uint8_t tier) {
  uint32_t stagger = box->conf.stagger_s * 1000UL;
  uint32_t jitter = (box->session >> 16) * 7919UL % (stagger / 2 + 1);
  return box->now - box->in_order_from >= box->conf.quiet_s * 1000UL + tier * stagger + jitter;
}

static wish at_rest(const gw_box *box, uint8_t channel) {
  const gw_channel *c = &box->channels[channel];
  bool seen = box->conf.volt_gain > 0 && box->conf.amp_gain > 0 && !box->lost;
  bool busy = !seen || box->machine >= GW_MACHINE_RUNNING;
  switch (c->conf.on_silence) {
    case GW_SILENCE_ON:
      if (c->on || c->conf.role == GW_ROLE_MACHINE) return (wish){c->on, false, GW_CAUSE_REST};
      return recovered(box, c->conf.tier) ? (wish){true, false, GW_CAUSE_REST} : (wish){false, false, GW_CAUSE_RECOVERING};
    case GW_SILENCE_HOLD_UNTIL_IDLE:
      if (c->on && busy && box->now - c->rest_from < c->conf.hold_max_s * 1000UL) return (wish){true, false, GW_CAUSE_FINISHING};
      return (wish){false, false, c->on ? GW_CAUSE_FINISHING : GW_CAUSE_REST};
    case GW_SILENCE_RUN_ON:
      if (c->on && (box->now - c->run_from < c->conf.run_on_s * 1000UL)) return (wish){true, false, GW_CAUSE_RUN_ON};
      return (wish){false, false, c->on ? GW_CAUSE_RUN_ON : GW_CAUSE_REST};
    default: break;
  }
  return (wish){false, false, c->on ? GW_CAUSE_SILENCE : GW_CAUSE_REST};
}

static wish first_wish(const gw_box *box, uint8_t channel) {
  const gw_channel *c = &box->channels[channel];
  if (c->conf.role == GW_ROLE_UNUSED) return (wish){false, true, GW_CAUSE_REST};
  if (box->estop && c->conf.role == GW_ROLE_MACHINE) return (wish){false, true, GW_CAUSE_ESTOP};
  if (box->bus_dead) return (wish){false, true, GW_CAUSE_DEAD_BUS};
  if (box->shedding && c->conf.tier > 0) return (wish){false, true, GW_CAUSE_SHED};
  if (c->leased) return (wish){c->wanted, false, GW_CAUSE_LEASE};
  return at_rest(box, channel);
}

static wish bounded(const gw_box *box, uint8_t channel, wish w) {
  const gw_channel *c = &box->channels[channel];
  uint32_t for_ms = box->now - c->changed_at;
  bool alone = c->conf.partner < GW_CHANNELS && !box->channels[c->conf.partner].on;
  if (w.on && alone) return (wish){false, true, GW_CAUSE_INTERLOCK};
  if (w.on && !c->on && for_ms < c->conf.min_off_s * 1000UL) return (wish){false, false, GW_CAUSE_MIN_OFF};
  if (w.on || !c->on || w.hard) return w;
  if (dependant_on(box, channel)) return (wish){true, false, GW_CAUSE_INTERLOCK};
  if (for_ms < c->conf.min_on_s * 1000UL) return (wish){true, false, GW_CAUSE_MIN_ON};
  return w;
}

static void drive(gw_box *box, uint8_t channel, wish w) {
  gw_channel *c = &box->channels[channel];
  if (c->cause != w.cause) box->changed = true;
  c->cause = w.cause;
  if (w.hard && c->wanted) gw_end_lease(box, channel, GW_EVENT_LEASE_ENDED);
  if (c->on == w.on) return;
  c->on = w.on;
  c->changed_at = box->now;
  gw_hal_output(channel, w.on == (c->conf.level == GW_LEVEL_ACTIVE_HIGH));
  gw_note(box, w.on ? GW_EVENT_OUTPUT_ON : GW_EVENT_OUTPUT_OFF, channel, w.cause);
}

static void count_lease(gw_box *box, uint8_t channel) {
  gw_channel *c = &box->channels[channel];
  if (box->now - c->lease_from >= c->lease_ms) gw_end_lease(box, channel, GW_EVENT_LEASE_ENDED);
  uint16_t silence = c->conf.silence_ms;
  if (silence > 0 && box->now - box->host_at >= silence) gw_end_lease(box, channel, GW_EVENT_HOST_SILENT);
}

void gw_switch(gw_box *box) {
  for (uint8_t channel = 0; channel < GW_CHANNELS; channel++) {
    gw_channel *c = &box->channels[channel];
    count_lease(box, channel);
    if (c->leased || dependant_on(box, channel)) c->run_from = box->now;
    drive(box, channel, bounded(box, channel, first_wish(box, channel)));
  }
}
