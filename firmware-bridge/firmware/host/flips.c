/* 2,000 commands to switch, each with every single bit turned over, one after the other into the core's receiver on this machine:
 * none may come out whole. The undisturbed ones all must. A flip of the closing zero is ended by the next frame's first. */
#include <stdio.h>

#include "../core/frame.h"

#define FRAMES 2000

static uint32_t seed = 0x2545f491u;

static uint32_t dice(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static bool whole(const uint8_t *wire, uint8_t length, gw_frame *frame) {
  static gw_receiver receiver;
  bool any = gw_receive(&receiver, 0, frame);
  for (uint8_t at = 0; at < length; at++) any |= gw_receive(&receiver, wire[at], frame);
  return any | gw_receive(&receiver, 0, frame);
}

int main(void) {
  long flips = 0, accepted = 0, heard = 0;
  for (int at = 0; at < FRAMES; at++) {
    const gw_set set = {dice() << 8 | (dice() & 0xff), (uint8_t)(dice() % GW_CHANNELS), (uint8_t)(dice() & 1), 1 + dice() % 900000};
    uint8_t payload[GW_BYTES_SET], wire[GW_WIRE_MAX];
    gw_write_set(payload, &set);
    gw_frame out = {(uint8_t)(1 + dice() % GW_ADDRESS_MAX), GW_TYPE_SET, (uint16_t)dice(), GW_BYTES_SET, payload}, in = {0};
    uint8_t length = gw_wrap(wire, &out);
    heard += whole(wire, length, &in);
    for (int bit = 8; bit < 8 * (length - 1); bit++, flips++) {
      wire[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
      accepted += whole(wire, length, &in);
      wire[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
    }
  }
  printf("%ld heard, %ld flips, %ld accepted\n", heard, flips, accepted);
  return heard == FRAMES && accepted == 0 ? 0 : 1;
}
