/* What a host may say. Nothing is believed before session, sequence, length and every value are right; each refusal is
 * answered with its reason. No command clears an emergency stop, and none leaves a deviation without an end. */
#include <string.h>

#include "box.h"

static uint8_t open(gw_box *box, const uint8_t *payload) {
  gw_open asked;
  gw_read_open(payload, &asked);
  box->session = gw_hal_next_session();
  box->host_sequence = 0;
  gw_hello hello = {asked.nonce, box->session, GW_SCHEMA_HASH, GW_FIRMWARE, box->reset, GW_CHANNELS, box->now, box->log_next};
  uint8_t answer[GW_BYTES_HELLO];
  gw_write_hello(answer, &hello);
  gw_send(box, GW_TYPE_HELLO, answer, sizeof answer);
  return GW_RESULT_DONE;
}

static uint8_t set(gw_box *box, const uint8_t *payload) {
  gw_set wanted;
  if (!gw_read_set(payload, &wanted) || wanted.channel >= GW_CHANNELS) return GW_RESULT_WRONG_VALUE;
  if (wanted.ttl_ms == 0 || wanted.ttl_ms > GW_LEASE_MAX_MS) return GW_RESULT_WRONG_TTL;
  gw_channel *c = &box->channels[wanted.channel];
  bool on = wanted.output == GW_OUTPUT_ON;
  bool machine = c->conf.role == GW_ROLE_MACHINE;
  if (c->conf.role == GW_ROLE_UNUSED) return GW_RESULT_UNUSED_CHANNEL;
  if (on && machine && box->estop) return GW_RESULT_ESTOP_LATCHED;
  if (on && (box->bus_dead || (box->shedding && c->conf.tier > 0))) return GW_RESULT_SHED;
  if (on && c->conf.partner < GW_CHANNELS && !box->channels[c->conf.partner].on) return GW_RESULT_INTERLOCK;
  c->leased = true;
  c->wanted = on;
  c->lease_from = box->now;
  c->lease_ms = wanted.ttl_ms;
  gw_switch(box);
  box->changed = true;
  return c->on == on ? GW_RESULT_DONE : GW_RESULT_WAITING;
}

static uint8_t configure_channel(gw_box *box, const uint8_t *payload) {
  gw_configure_channel conf;
  if (!gw_read_configure_channel(payload, &conf) || conf.channel >= GW_CHANNELS) return GW_RESULT_WRONG_VALUE;
  if (conf.partner == conf.channel || (conf.partner >= GW_CHANNELS && conf.partner != GW_NO_CHANNEL)) return GW_RESULT_WRONG_VALUE;
  gw_channel *c = &box->channels[conf.channel];
  if (memcmp(payload + 4, box->stored[conf.channel] + 4, GW_BYTES_CONFIGURE_CHANNEL - 4) == 0) return GW_RESULT_DONE;
  if (c->on) return GW_RESULT_CHANNEL_ON;
  c->conf = conf;
  c->leased = false;
  gw_store(box, conf.channel, payload, GW_BYTES_CONFIGURE_CHANNEL);
  if (conf.role == GW_ROLE_UNUSED) {
    gw_hal_release(conf.channel);
  } else {
    gw_hal_output(conf.channel, conf.level == GW_LEVEL_ACTIVE_LOW);
  }
  box->changed = true;
  return GW_RESULT_DONE;
}

static uint8_t configure_box(gw_box *box, const uint8_t *payload) {
  gw_configure_box conf;
  if (!gw_read_configure_box(payload, &conf)) return GW_RESULT_WRONG_VALUE;
  box->conf = conf;
  box->window_at = box->now;
  gw_store(box, GW_CHANNELS, payload, GW_BYTES_CONFIGURE_BOX);
  return GW_RESULT_DONE;
}

static uint8_t set_source(gw_box *box, const uint8_t *payload) {
  gw_set_source wanted;
  if (!gw_read_set_source(payload, &wanted)) return GW_RESULT_WRONG_VALUE;
  box->source = wanted.source;
  return GW_RESULT_DONE;
}

static uint8_t read_log(gw_box *box, const uint8_t *payload) {
  gw_read_log_entry asked;
  gw_read_read_log_entry(payload, &asked);
  uint16_t left = box->log_next - asked.index;
  uint16_t kept = box->log_next < GW_LOG_ENTRIES ? box->log_next : GW_LOG_ENTRIES;
  if (left == 0) return GW_RESULT_NO_SUCH_ENTRY;
  if (left > kept) left = kept;
  uint8_t answer[GW_BYTES_EVENT];
  gw_write_event(answer, &box->log[(uint16_t)(box->log_next - left) % GW_LOG_ENTRIES]);
  gw_send(box, GW_TYPE_EVENT, answer, sizeof answer);
  return GW_RESULT_DONE;
}

static uint8_t heartbeat(gw_box *box, const uint8_t *payload) {
  (void)payload;
  gw_answer_state(box);
  return GW_RESULT_DONE;
}

typedef struct {
  uint8_t type, length;
  bool answered;
  uint8_t (*act)(gw_box *box, const uint8_t *payload);
} command;

static const command COMMANDS[] = {
    {GW_TYPE_OPEN, GW_BYTES_OPEN, false, open},
    {GW_TYPE_CONFIGURE_CHANNEL, GW_BYTES_CONFIGURE_CHANNEL, true, configure_channel},
    {GW_TYPE_CONFIGURE_BOX, GW_BYTES_CONFIGURE_BOX, true, configure_box},
    {GW_TYPE_SET, GW_BYTES_SET, true, set},
    {GW_TYPE_HEARTBEAT, GW_BYTES_HEARTBEAT, false, heartbeat},
    {GW_TYPE_SET_SOURCE, GW_BYTES_SET_SOURCE, true, set_source},
    {GW_TYPE_READ_LOG_ENTRY, GW_BYTES_READ_LOG_ENTRY, false, read_log},
};

static uint8_t weigh(gw_box *box, const gw_frame *frame, const command *c) {
  if (frame->length != c->length) return GW_RESULT_WRONG_LENGTH;
  if (frame->type == GW_TYPE_OPEN) return c->act(box, frame->payload);
  if (gw_get32(frame->payload) != box->session) return GW_RESULT_WRONG_SESSION;
  if (frame->sequence <= box->host_sequence) return GW_RESULT_OLD_SEQUENCE;
  box->host_sequence = frame->sequence;
  box->host_at = box->now;
  return c->act(box, frame->payload);
}

void gw_command(gw_box *box, const gw_frame *frame) {
  if (frame->address != box->address) return;
  const command *found = 0;
  for (uint8_t at = 0; at < sizeof COMMANDS / sizeof COMMANDS[0]; at++) {
    if (COMMANDS[at].type == frame->type) found = &COMMANDS[at];
  }
  uint8_t result = found ? weigh(box, frame, found) : GW_RESULT_UNKNOWN_MESSAGE;
  if (found && result == GW_RESULT_DONE && !found->answered) return;
  gw_ack ack = {frame->type, frame->sequence, result};
  uint8_t answer[GW_BYTES_ACK];
  gw_write_ack(answer, &ack);
  gw_send(box, GW_TYPE_ACK, answer, sizeof answer);
}
