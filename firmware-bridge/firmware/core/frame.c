#include "frame.h"

#include <string.h>

uint16_t gw_crc16(const uint8_t *bytes, uint8_t length) {
  uint16_t crc = 0xffff;
  for (uint8_t at = 0; at < length; at++) {
    crc = (uint16_t)(crc ^ (uint16_t)(bytes[at] << 8));
    for (uint8_t bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
  }
  return crc;
}

static void store(gw_receiver *r, uint8_t byte) {
  if (r->length >= GW_FRAME_MAX) {
    r->broken = true;
  } else {
    r->bytes[r->length++] = byte;
  }
}

static bool valid(const gw_receiver *r) {
  if (r->broken || r->left != 0 || r->length < GW_HEAD_BYTES + 2) return false;
  uint8_t body = r->length - 2;
  return gw_get16(r->bytes + body) == gw_crc16(r->bytes, body) && r->bytes[0] == GW_VERSION &&
         r->bytes[5] == body - GW_HEAD_BYTES;
}

static void restart(gw_receiver *r) {
  r->length = 0;
  r->left = 0;
  r->zero_due = false;
  r->broken = false;
}

bool gw_receive(gw_receiver *r, uint8_t byte, gw_frame *frame) {
  if (byte == 0) {
    bool whole = valid(r);
    if (whole) {
      frame->address = r->bytes[1];
      frame->type = r->bytes[2];
      frame->sequence = gw_get16(r->bytes + 3);
      frame->length = r->bytes[5];
      frame->payload = r->bytes + GW_HEAD_BYTES;
    }
    restart(r);
    return whole;
  }
  if (r->broken) return false;
  if (r->left > 0) {
    store(r, byte);
    r->left--;
    return false;
  }
  if (r->zero_due) store(r, 0);
  r->left = byte - 1;
  r->zero_due = byte != 0xff;
  return false;
}

uint8_t gw_wrap(uint8_t *wire, const gw_frame *frame) {
  uint8_t *body = wire + 2;
  body[0] = GW_VERSION;
  body[1] = frame->address;
  body[2] = frame->type;
  gw_put16(body + 3, frame->sequence);
  body[5] = frame->length;
  memcpy(body + GW_HEAD_BYTES, frame->payload, frame->length);
  uint8_t length = GW_HEAD_BYTES + frame->length;
  gw_put16(body + length, gw_crc16(body, length));
  length += 2;
  /* Each zero, and the byte before the first, becomes the distance to the next. */
  uint8_t mark = 1;
  for (uint8_t at = 2; at < length + 2; at++) {
    if (wire[at] != 0) continue;
    wire[mark] = at - mark;
    mark = at;
  }
  wire[mark] = (uint8_t)(length + 2 - mark);
  wire[0] = 0;
  wire[length + 2] = 0;
  return length + 3;
}
