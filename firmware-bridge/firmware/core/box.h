/* One box: its channels, what it measures, what it guards, its log and its session. All state is here; nothing is on a
 * heap. Only gw_sample may be called from an interrupt. Times are ms since the start and may run over. */
#ifndef GW_BOX_H
#define GW_BOX_H
#include "frame.h"
#include "hal.h"
#include "measure.h"

#define GW_FIRMWARE 21
#define GW_CONF_BYTES (GW_BYTES_CONFIGURE_CHANNEL + 2)
#define GW_CONF_PLACES (GW_CHANNELS + 1) /* the last one is the box's */

#define GW_FLAG_ESTOP 1
#define GW_FLAG_ESTOP_OPEN 2
#define GW_FLAG_SHEDDING 4
#define GW_FLAG_LOST 8
#define GW_FLAG_DEAD_BUS 16

typedef struct {
  gw_configure_channel conf;
  bool on, leased, wanted;
  uint8_t cause;
  uint32_t lease_from, lease_ms;
  uint32_t changed_at; /* of the output; the start counts as switching off */
  uint32_t rest_from;  /* since when policy alone decides */
  uint32_t run_from;   /* when the last dependant was seen on */
} gw_channel;

/* A condition and since when it holds. */
typedef struct {
  bool holds;
  uint32_t from;
} gw_lasting;

typedef struct {
  gw_channel channels[GW_CHANNELS];
  gw_configure_box conf;
  uint8_t stored[GW_CONF_PLACES][GW_CONF_BYTES];
  uint8_t store_place, store_byte;
  gw_receiver receiver;
  gw_sampler sampler;
  gw_values values;
  gw_event log[GW_LOG_ENTRIES];
  uint16_t log_next, sequence, host_sequence;
  uint32_t now, session, host_at, window_at, in_order_from, state_at, measure_at;
  int32_t energy_part; /* W × pairs of samples */
  uint32_t energy_wh;
  gw_lasting sag, dead, over, slow, low, very_low, calm;
  gw_lasting machine_lower, inrush;
  uint8_t source, reset, machine, address;
  bool shared_line, estop, line, shedding, bus_dead, lost, changed;
} gw_box;

void gw_box_start(gw_box *box, uint8_t reset);
void gw_box_receive(gw_box *box, uint8_t byte);
/* Once per millisecond. */
void gw_box_tick(gw_box *box, uint32_t now);

/* Parts of the box, for its own modules. */
void gw_note(gw_box *box, uint8_t event, uint8_t channel, uint16_t value);
void gw_send(gw_box *box, uint8_t type, const uint8_t *payload, uint8_t length);
void gw_report(gw_box *box);
/* What the host asked for: the state, before it the measurements where they are due. */
void gw_answer_state(gw_box *box);
void gw_command(gw_box *box, const gw_frame *frame);
void gw_guard(gw_box *box);
void gw_switch(gw_box *box);
void gw_end_lease(gw_box *box, uint8_t channel, uint8_t event);
void gw_store(gw_box *box, uint8_t place, const uint8_t *payload, uint8_t length);
void gw_store_step(gw_box *box);
void gw_store_load(gw_box *box);
/* True from the moment on that the condition has held for so long. */
bool gw_lasted(gw_lasting *lasting, bool holds, uint32_t now, uint32_t for_ms);

#endif
