/* The life of a box: it starts with every output inactive, and each millisecond looks, decides, switches and tells. */
#include "box.h"

#include <string.h>

void gw_box_start(gw_box *box, uint8_t reset) {
  memset(box, 0, sizeof *box);
  box->reset = reset;
  box->address = gw_hal_address();
  box->shared_line = gw_hal_shared_line();
  gw_store_load(box);
  for (uint8_t at = 0; at < GW_CHANNELS; at++) {
    const gw_channel *c = &box->channels[at];
    if (c->conf.role != GW_ROLE_UNUSED) gw_hal_output(at, c->conf.level == GW_LEVEL_ACTIVE_LOW);
    box->channels[at].cause = GW_CAUSE_BOOT;
  }
  gw_hal_pull_shed_line(false);
  box->session = gw_hal_next_session();
  gw_note(box, GW_EVENT_STARTED, GW_NO_CHANNEL, reset);
}

void gw_box_receive(gw_box *box, uint8_t byte) {
  gw_frame frame = {0};
  if (gw_receive(&box->receiver, byte, &frame)) gw_command(box, &frame);
}

/* Latched by the loop, cleared only by the button on the box, and only while the loop is closed. */
static void watch_estop(gw_box *box) {
  bool was = box->estop;
  if (gw_hal_estop_open()) {
    box->estop = true;
  } else if (gw_hal_reset_pressed()) {
    box->estop = false;
  }
  if (was == box->estop) return;
  box->changed = true;
  gw_note(box, box->estop ? GW_EVENT_ESTOP_LATCHED : GW_EVENT_ESTOP_CLEARED, GW_NO_CHANNEL, 0);
}

void gw_box_tick(gw_box *box, uint32_t now) {
  box->now = now;
  watch_estop(box);
  gw_guard(box);
  gw_switch(box);
  gw_report(box);
  gw_store_step(box);
}
