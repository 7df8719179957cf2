/* What the box was told about itself, kept over resets: the payload of each configuration with a checksum. It is written
 * byte by byte while the box goes on working; a place that was cut off in the middle is void, and its channel unused. */
#include <string.h>

#include "box.h"

#define STORE_BEGIN 32

static uint16_t place_at(uint8_t place, uint8_t byte) { return (uint16_t)(STORE_BEGIN + place * GW_CONF_BYTES + byte); }

void gw_store(gw_box *box, uint8_t place, const uint8_t *payload, uint8_t length) {
  uint8_t *to = box->stored[place];
  memset(to, 0, GW_CONF_BYTES);
  memcpy(to + 4, payload + 4, length - 4); /* not the session */
  gw_put16(to + GW_CONF_BYTES - 2, gw_crc16(to, GW_CONF_BYTES - 2));
}

/* One byte per call, round and round: what ages in the memory is mended too. */
void gw_store_step(gw_box *box) {
  uint8_t wanted = box->stored[box->store_place][box->store_byte];
  uint16_t at = place_at(box->store_place, box->store_byte);
  if (gw_hal_load(at) != wanted) {
    gw_hal_save(at, wanted);
    return;
  }
  if (++box->store_byte < GW_CONF_BYTES) return;
  box->store_byte = 0;
  if (++box->store_place == GW_CONF_PLACES) box->store_place = 0;
}

void gw_store_load(gw_box *box) {
  for (uint8_t place = 0; place < GW_CONF_PLACES; place++) {
    uint8_t *to = box->stored[place];
    for (uint8_t byte = 0; byte < GW_CONF_BYTES; byte++) to[byte] = gw_hal_load(place_at(place, byte));
    bool good = gw_get16(to + GW_CONF_BYTES - 2) == gw_crc16(to, GW_CONF_BYTES - 2);
    if (place < GW_CHANNELS) {
      gw_channel *c = &box->channels[place];
      if (!good || !gw_read_configure_channel(to, &c->conf)) memset(&c->conf, 0, sizeof c->conf);
      if (c->conf.role == GW_ROLE_UNUSED) c->conf.partner = GW_NO_CHANNEL;
    } else if (!good || !gw_read_configure_box(to, &box->conf)) {
      memset(&box->conf, 0, sizeof box->conf);
    }
  }
}
