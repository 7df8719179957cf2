/* All that the core needs from a microcontroller. Nothing here waits; every call is short and bounded. */
#ifndef GW_HAL_H
#define GW_HAL_H
#include <stdbool.h>
#include <stdint.h>

/* Sets the level first and makes the pin an output after it: a relay never sees the other level. */
void gw_hal_output(uint8_t channel, bool high);
/* Makes the pin an input again: nothing is known about what hangs on it. */
void gw_hal_release(uint8_t channel);
void gw_hal_pull_shed_line(bool pull);
bool gw_hal_shed_line_pulled(void);
/* The loop is normally closed: a broken wire is an emergency stop. */
bool gw_hal_estop_open(void);
bool gw_hal_reset_pressed(void);
/* The jumpers, as they stand at the start: 1 … GW_ADDRESS_MAX, and whether the line is shared with other boxes. */
uint8_t gw_hal_address(void);
bool gw_hal_shared_line(void);
/* Counts of ten bits at the thermistor's divider, about once a second anew. */
uint16_t gw_hal_thermistor(void);
/* Takes the whole frame, or drops it where the line is too slow. */
void gw_hal_send(const uint8_t *bytes, uint8_t length);
/* A number that no session of this box had before, over all resets. */
uint32_t gw_hal_next_session(void);
uint8_t gw_hal_load(uint16_t at);
/* Starts to store one byte; does nothing while the one before is being stored. */
void gw_hal_save(uint16_t at, uint8_t byte);

#endif
