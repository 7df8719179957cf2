/* What the box keeps over a power cut. */
#ifndef GW_MEMORY_H
#define GW_MEMORY_H
#include <stdint.h>

void memory_begin(void);
/* Counts this start and gives its number. The high byte is kept first: a number that was cut off is never an old one. */
uint16_t memory_count_start(void);
void wait_us(uint32_t us);

#endif
