/* Frames on the wire: zeros around, COBS inside, CRC at the end. Bytes go in one at a time, in bounded time; what is not
 * a whole frame of this version never comes out. No heap, no clock. The protocol is docs/box-protocol.md. */
#ifndef GW_FRAME_H
#define GW_FRAME_H
#include "../generated/protocol.h"

#define GW_HEAD_BYTES 6
#define GW_FRAME_MAX (GW_HEAD_BYTES + GW_PAYLOAD_MAX + 2)
/* One byte of stuffing and a zero on either side: frames are shorter than one COBS group. */
#define GW_WIRE_MAX (GW_FRAME_MAX + 3)

typedef struct {
  uint8_t bytes[GW_FRAME_MAX];
  uint8_t length;
  uint8_t left;   /* of the current COBS group; 0: a group begins */
  bool zero_due;  /* the group that ended stood for a zero */
  bool broken;    /* drop all until the next zero */
} gw_receiver;

typedef struct {
  uint8_t address, type;
  uint16_t sequence;
  uint8_t length;
  const uint8_t *payload; /* inside the receiver: good until the next byte */
} gw_frame;

uint16_t gw_crc16(const uint8_t *bytes, uint8_t length);

/* True when this byte ended a valid frame, which is then in *frame. */
bool gw_receive(gw_receiver *receiver, uint8_t byte, gw_frame *frame);

/* Writes a frame with its zeros to wire, which holds GW_WIRE_MAX bytes; gives their number. */
uint8_t gw_wrap(uint8_t *wire, const gw_frame *frame);

#endif
