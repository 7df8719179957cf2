/* The shared vectors against the C core: every message is written, framed, received and read, and each time it must be
 * the same as in the TypeScript table. Prints how many held; the exit status tells whether all did. */
#include <stdio.h>
#include <string.h>

#include "../core/frame.h"

static int held, failed;

static void check(const char *what, bool ok) {
  if (ok) {
    held++;
  } else {
    failed++;
    printf("differs: %s\n", what);
  }
}

static bool receive(const uint8_t *wire, size_t length, gw_frame *frame) {
  static gw_receiver receiver;
  bool whole = false;
  for (size_t at = 0; at < length; at++) whole = gw_receive(&receiver, wire[at], frame);
  return whole;
}

#define GW_VECTOR(name, NAME, place, number, values, expected)                                           \
  do {                                                                                                   \
    const gw_##name message = values;                                                                    \
    const uint8_t wanted[] = expected;                                                                   \
    uint8_t payload[GW_BYTES_##NAME], wire[GW_WIRE_MAX], again[GW_BYTES_##NAME];                         \
    gw_write_##name(payload, &message);                                                                  \
    gw_frame out = {place, GW_TYPE_##NAME, number, GW_BYTES_##NAME, payload}, in = {0};                  \
    uint8_t length = gw_wrap(wire, &out);                                                                \
    check(#name " is framed", length == sizeof wanted && memcmp(wire, wanted, length) == 0);             \
    gw_##name read;                                                                                      \
    bool ok = receive(wanted, sizeof wanted, &in) && in.type == GW_TYPE_##NAME && in.address == (place) && \
              in.sequence == (number) && in.length == GW_BYTES_##NAME && gw_read_##name(in.payload, &read); \
    if (ok) gw_write_##name(again, &read);                                                               \
    check(#name " is read", ok && memcmp(again, payload, sizeof again) == 0);                            \
  } while (0);

int main(void) {
  check("CRC16-CCITT-FALSE of 123456789", gw_crc16((const uint8_t *)"123456789", 9) == 0x29b1);
#include "../generated/vectors.h"
  printf("%d hold, %d differ\n", held, failed);
  return failed == 0 && held > 1 ? 0 : 1;
}
