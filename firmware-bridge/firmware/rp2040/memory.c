/* The 24LC02 beside the chip: read and written a byte at a time, never waited for longer than a bus that hangs may take. */
#include "memory.h"

#include "../core/hal.h"
#include "registers.h"

#define MEMORY_ADDRESS 0x50u
#define MEMORY_US 6000u /* what it takes to store one byte, and a little more */
#define MEMORY_US_MAX 2000u
#define BOOTS_AT 0u

static uint32_t stored_at;
static bool storing;

void memory_begin(void) {
  REG(I2C_ENABLE) = 0;
  REG(I2C_CON) = I2C_MASTER_FAST;
  REG(I2C_TAR) = MEMORY_ADDRESS;
  REG(I2C_FS_SCL_HCNT) = 12; /* 400 kHz */
  REG(I2C_FS_SCL_LCNT) = 18;
  REG(I2C_ENABLE) = 1;
}

/* Waits until the memory was left again. False: it did not answer; whatever hangs is taken up anew. */
static bool memory_done(void) {
  uint32_t from = REG(TIMER_RAW);
  while ((REG(I2C_RAW_INTR) & I2C_STOPPED) == 0)
    if (REG(TIMER_RAW) - from > MEMORY_US_MAX) break;
  bool good = (REG(I2C_RAW_INTR) & (I2C_STOPPED | I2C_ABORTED)) == I2C_STOPPED;
  (void)REG(I2C_CLR_TX_ABRT);
  (void)REG(I2C_CLR_STOP_DET);
  if (!good) memory_begin();
  return good;
}

static bool memory_read(uint16_t at, uint8_t *byte) {
  REG(I2C_DATA_CMD) = at;
  REG(I2C_DATA_CMD) = I2C_READ | I2C_RESTART | I2C_STOP;
  if (!memory_done() || REG(I2C_RXFLR) == 0) return false;
  *byte = (uint8_t)REG(I2C_DATA_CMD);
  return true;
}

static bool memory_write(uint16_t at, uint8_t byte) {
  REG(I2C_DATA_CMD) = at;
  REG(I2C_DATA_CMD) = byte | I2C_STOP;
  return memory_done();
}

static bool is_storing(void) {
  if (storing && REG(TIMER_RAW) - stored_at > MEMORY_US) storing = false;
  return storing;
}

uint8_t gw_hal_load(uint16_t at) {
  uint8_t byte = 0xff;
  return !is_storing() && memory_read(at, &byte) ? byte : 0xff;
}

void gw_hal_save(uint16_t at, uint8_t byte) {
  if (is_storing() || !memory_write(at, byte)) return;
  storing = true;
  stored_at = REG(TIMER_RAW);
}

void wait_us(uint32_t us) {
  for (uint32_t from = REG(TIMER_RAW); REG(TIMER_RAW) - from < us;) continue;
}

/* Who has no memory has no number of its own: the box stays as it is, and the watchdog starts it again. */
static uint8_t boot_byte(uint16_t at) {
  uint8_t byte;
  while (!memory_read(BOOTS_AT + at, &byte)) continue;
  return byte;
}

static void boot_keep(uint16_t at, uint8_t byte) {
  if (boot_byte(at) == byte) return;
  memory_write(BOOTS_AT + at, byte);
  wait_us(MEMORY_US);
  while (boot_byte(at) != byte) continue;
}

uint16_t memory_count_start(void) {
  uint16_t starts = (uint16_t)((boot_byte(1) << 8 | boot_byte(0)) + 1);
  boot_keep(1, (uint8_t)(starts >> 8));
  boot_keep(0, (uint8_t)starts);
  return starts;
}
