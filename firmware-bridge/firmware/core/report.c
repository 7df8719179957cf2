/* What the box says of itself: state, measurements, events; and the log, which keeps the newest events in RAM. */
#include "box.h"

#define REPORT_MS 500

void gw_send(gw_box *box, uint8_t type, const uint8_t *payload, uint8_t length) {
  uint8_t wire[GW_WIRE_MAX];
  gw_frame frame = {box->address, type, box->sequence++, length, payload};
  gw_hal_send(wire, gw_wrap(wire, &frame));
}

void gw_note(gw_box *box, uint8_t event, uint8_t channel, uint16_t value) {
  gw_event *entry = &box->log[box->log_next % GW_LOG_ENTRIES];
  *entry = (gw_event){box->log_next, box->now, event, channel, value};
  box->log_next++;
  if (box->shared_line) return;
  uint8_t payload[GW_BYTES_EVENT];
  gw_write_event(payload, entry);
  gw_send(box, GW_TYPE_EVENT, payload, sizeof payload);
}

static void report_state(gw_box *box) {
  gw_state state = {.uptime_ms = box->now, .machine = box->machine, .log_next = box->log_next};
  for (uint8_t at = 0; at < GW_CHANNELS; at++) {
    if (box->channels[at].on) state.outputs |= (uint8_t)(1 << at);
    if (box->channels[at].leased) state.leases |= (uint8_t)(1 << at);
  }
  state.cause_0 = box->channels[0].cause;
  state.cause_1 = box->channels[1].cause;
  state.cause_2 = box->channels[2].cause;
  state.cause_3 = box->channels[3].cause;
  state.flags = (uint8_t)((box->estop ? GW_FLAG_ESTOP : 0) | (gw_hal_estop_open() ? GW_FLAG_ESTOP_OPEN : 0) |
                          (box->shedding ? GW_FLAG_SHEDDING : 0) | (box->lost ? GW_FLAG_LOST : 0) |
                          (box->bus_dead ? GW_FLAG_DEAD_BUS : 0));
  uint8_t payload[GW_BYTES_STATE];
  gw_write_state(payload, &state);
  gw_send(box, GW_TYPE_STATE, payload, sizeof payload);
}

static void report_measured(gw_box *box) {
  if (box->conf.volt_gain == 0 || box->lost) return;
  const gw_values *v = &box->values;
  gw_measure measure = {v->volt_cv, v->current_ma,    v->frequency_mhz,    v->apparent_va,
                        v->power_w, box->energy_wh, gw_hal_thermistor()};
  uint8_t payload[GW_BYTES_MEASURE];
  gw_write_measure(payload, &measure);
  gw_send(box, GW_TYPE_MEASURE, payload, sizeof payload);
}

void gw_answer_state(gw_box *box) {
  if (box->shared_line && box->now - box->measure_at >= REPORT_MS) {
    box->measure_at = box->now;
    report_measured(box);
  }
  report_state(box);
}

void gw_report(gw_box *box) {
  if (box->shared_line) return;
  bool due = box->now - box->state_at >= REPORT_MS;
  if (!due && !box->changed) return;
  box->changed = false;
  report_state(box);
  if (!due) return;
  box->state_at = box->now;
  report_measured(box);
}
