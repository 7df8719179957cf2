/* The RP2040 at 12 MHz, its crystal. One interrupt per 256 us takes a conversion and starts the next, voltage and current in
 * turn; the main loop does everything else, and it alone feeds the watchdog and pumps the coil supply.
 *
 * GP2-GP5 channels 0-3 · GP6 emergency-stop loop to ground · GP7 reset button to ground · GP8 shed line out, pulls low
 * GP9 shed line in, low is shed · GP10 coil pump · GP26 voltage, GP27 current, 0 to 3.3 V · GP0, GP1 serial line at 115200
 * GP28 thermistor to ground below 10 kOhm
 * GP11 driver of a shared line (RS485) · GP12 to ground: the line is shared · GP13-GP16 to ground: address
 * GP18, GP19 a 24LC02 that keeps what the box was told and counts its starts: without it the box does not start */
#include "../core/box.h"
#include "memory.h"
#include "registers.h"

#include <string.h>

#define TURN_US (GW_PAIR_US / 2)
#define WATCHDOG_US 250000u
#define WATCHDOG_COUNTS (2u * WATCHDOG_US) /* the chip counts each tick twice */
#define FIRST_PIN 2u
#define ESTOP_PIN 6u
#define BUTTON_PIN 7u
#define SHED_OUT_PIN 8u
#define SHED_IN_PIN 9u
#define PUMP_PIN 10u
#define DRIVER_PIN 11u
#define SHARED_PIN 12u
#define ADDRESS_PIN 13u
#define VOLTAGE_INPUT 0u
#define CURRENT_INPUT 1u
#define THERMISTOR_INPUT 2u
#define THERMISTOR_MS 1024u
#define FIRST_ADC_PIN 26u
#define LAST_ADC_PIN 28u
#define WARM 0x5a17c0deu
#define TX_BYTES 256u
#define SETTLE_US 50u

extern uint32_t data_from[], data_begin[], data_end[], bss_begin[], bss_end[];

static gw_box box;
static uint8_t tx[TX_BYTES], tx_in, tx_out;
static volatile uint32_t clock_ms;
static uint16_t ampere;
static volatile uint16_t thermistor;
static uint32_t next_turn;
static bool by_watchdog, counted;

void *memset(void *to, int byte, size_t length) {
  uint8_t *at = to;
  while (length-- > 0) *at++ = (uint8_t)byte;
  return to;
}

void *memcpy(void *to, const void *from, size_t length) {
  uint8_t *at = to;
  const uint8_t *source = from;
  while (length-- > 0) *at++ = *source++;
  return to;
}

int memcmp(const void *one, const void *other, size_t length) {
  const uint8_t *left = one, *right = other;
  for (; length > 0; length--, left++, right++)
    if (*left != *right) return *left - *right;
  return 0;
}

static bool is_high(uint32_t pin) { return REG(GPIO_IN) >> pin & 1u; }

void gw_hal_output(uint8_t channel, bool high) {
  uint32_t bit = 1u << (FIRST_PIN + channel);
  REG(high ? GPIO_OUT_SET : GPIO_OUT_CLEAR) = bit;
  REG(GPIO_OE_SET) = bit;
}

void gw_hal_release(uint8_t channel) {
  REG(GPIO_OE_CLEAR) = 1u << (FIRST_PIN + channel);
  REG(GPIO_OUT_CLEAR) = 1u << (FIRST_PIN + channel);
}

/* An open drain: several boxes may hang on the line. */
void gw_hal_pull_shed_line(bool pull) {
  REG(GPIO_OUT_CLEAR) = 1u << SHED_OUT_PIN;
  REG(pull ? GPIO_OE_SET : GPIO_OE_CLEAR) = 1u << SHED_OUT_PIN;
}

bool gw_hal_shed_line_pulled(void) { return !is_high(SHED_IN_PIN); }
bool gw_hal_estop_open(void) { return is_high(ESTOP_PIN); }
bool gw_hal_reset_pressed(void) { return !is_high(BUTTON_PIN); }

/* All jumpers open is the first address. */
uint8_t gw_hal_address(void) { return (uint8_t)(1u + (~REG(GPIO_IN) >> ADDRESS_PIN & (GW_ADDRESS_MAX - 1u))); }
bool gw_hal_shared_line(void) { return !is_high(SHARED_PIN); }

uint16_t gw_hal_thermistor(void) { return thermistor; }

void gw_hal_send(const uint8_t *bytes, uint8_t length) {
  uint8_t waiting = (uint8_t)(tx_in - tx_out);
  if (TX_BYTES - 1u - waiting < length) return;
  for (uint8_t at = 0; at < length; at++) tx[tx_in++] = bytes[at];
}

/* Starts counted in the memory above, sessions since then below. */
uint32_t gw_hal_next_session(void) {
  uint32_t last = REG(WATCHDOG_SCRATCH(1));
  bool kept = (counted || by_watchdog) && REG(WATCHDOG_SCRATCH(0)) == WARM && (uint16_t)(last + 1u) != 0;
  if (!kept) last = (uint32_t)memory_count_start() << 16;
  counted = true;
  REG(WATCHDOG_SCRATCH(0)) = WARM;
  REG(WATCHDOG_SCRATCH(1)) = last + 1u;
  return last + 1u;
}

/* The core reckons in ten bits. */
static uint16_t counts(void) { return (uint16_t)(REG(ADC_RESULT) >> 2); }

/* Eight microseconds between two turns. */
static void read_thermistor(void) {
  REG(ADC_CS) = ADC_ON | ADC_INPUT(THERMISTOR_INPUT) | ADC_START;
  while ((REG(ADC_CS) & ADC_READY) == 0) continue;
  thermistor = counts();
}

/* TIMER_IRQ_0. The voltage is taken half a pair after the current. */
void turn(void) {
  static uint16_t us;
  static bool volt, warm;
  REG(TIMER_INTR) = 1;
  next_turn += TURN_US;
  if ((int32_t)(next_turn - REG(TIMER_RAW)) <= 0) next_turn = REG(TIMER_RAW) + TURN_US;
  REG(TIMER_ALARM) = next_turn;
  us += TURN_US;
  if (us >= 1000) {
    us -= 1000;
    clock_ms++;
    warm = clock_ms % THERMISTOR_MS == 0;
  }
  uint16_t value = counts();
  if (volt) {
    gw_sample(&box.sampler, value, ampere);
  } else {
    ampere = value;
  }
  volt = !volt;
  if (warm) read_thermistor();
  warm = false;
  REG(ADC_CS) = ADC_ON | ADC_INPUT(volt ? VOLTAGE_INPUT : CURRENT_INPUT) | ADC_START;
}

static void clocks(void) {
  REG(XOSC_STARTUP) = XOSC_START_1MS;
  REG(XOSC_CTRL) = XOSC_ENABLE_12MHZ;
  while ((REG(XOSC_STATUS) & XOSC_STABLE) == 0) continue;
  REG(CLK_SYS_CTRL) = 0; /* by the reference, whatever it was before */
  while ((REG(CLK_SYS_SELECTED) & 1u) == 0) continue;
  REG(CLK_REF_CTRL) = CLK_REF_XOSC;
  while ((REG(CLK_REF_SELECTED) & 1u << CLK_REF_XOSC) == 0) continue;
  REG(CLK_PERI_CTRL) = CLK_ENABLE | CLK_PERI_SYS;
  REG(CLK_ADC_CTRL) = CLK_ENABLE | CLK_ADC_XOSC;
  REG(WATCHDOG_TICK) = WATCHDOG_TICK_ON | 12u; /* 1 us, for the timer too */
}

static void pins(void) {
  for (uint32_t pin = FIRST_PIN; pin <= ADDRESS_PIN + 3u; pin++) REG(IO_CTRL(pin)) = FUNCTION_SIO;
  for (uint32_t pin = ESTOP_PIN; pin <= ADDRESS_PIN + 3u; pin++)
    if (pin != SHED_OUT_PIN && pin != PUMP_PIN && pin != DRIVER_PIN)
      REG(PAD(pin)) = PAD_INPUT | PAD_PULL_UP | PAD_SCHMITT | PAD_4MA;
  REG(PAD(SHED_OUT_PIN)) = PAD_INPUT | PAD_SCHMITT | PAD_4MA;
  REG(GPIO_OE_SET) = 1u << PUMP_PIN | 1u << DRIVER_PIN;
  for (uint32_t pin = FIRST_ADC_PIN; pin <= LAST_ADC_PIN; pin++) {
    REG(IO_CTRL(pin)) = FUNCTION_NONE;
    REG(PAD(pin)) = PAD_NO_OUTPUT;
  }
  REG(IO_CTRL(0)) = REG(IO_CTRL(1)) = FUNCTION_UART;
  for (uint32_t pin = 18; pin <= 19; pin++) {
    REG(IO_CTRL(pin)) = FUNCTION_I2C;
    REG(PAD(pin)) = PAD_INPUT | PAD_PULL_UP | PAD_SCHMITT | PAD_4MA;
  }
}

static uint8_t start(void) {
  by_watchdog = (REG(WATCHDOG_REASON) & 3u) != 0;
  clocks();
  REG(WATCHDOG_LOAD) = WATCHDOG_COUNTS;
  REG(PSM_WDSEL) = PSM_ALL_BUT_OSCILLATORS;
  REG(WATCHDOG_CTRL) = WATCHDOG_ENABLE;
  uint32_t used = RESET_ADC | RESET_I2C1 | RESET_IO | RESET_PADS | RESET_TIMER | RESET_UART0;
  CLEAR(RESETS) = used;
  while ((REG(RESETS_DONE) & used) != used) continue;
  pins();
  REG(UART_IBRD) = 6; /* 12 MHz / 16 / 115200 = 6 + 33 / 64 */
  REG(UART_FBRD) = 33;
  REG(UART_LCR_H) = UART_8N1_FIFO;
  REG(UART_CR) = UART_ON;
  memory_begin();
  wait_us(SETTLE_US);
  if (by_watchdog) return GW_RESET_WATCHDOG;
  return REG(CHIP_RESET) & HAD_POWER_ON ? GW_RESET_POWER_ON : GW_RESET_EXTERNAL;
}

static void measure(void) {
  REG(ADC_CS) = ADC_ON;
  while ((REG(ADC_CS) & ADC_READY) == 0) continue;
  REG(ADC_CS) = ADC_ON | ADC_INPUT(CURRENT_INPUT) | ADC_START;
  next_turn = REG(TIMER_RAW) + TURN_US;
  REG(TIMER_ALARM) = next_turn;
  REG(TIMER_INTE) = 1;
  REG(NVIC_ENABLE) = 1;
}

/* The line belongs to the others as soon as the last bit is out. */
static void transmit(void) {
  if (tx_in != tx_out && box.shared_line) REG(GPIO_OUT_SET) = 1u << DRIVER_PIN;
  while (tx_in != tx_out && (REG(UART_FR) & UART_TX_FULL) == 0) REG(UART_DR) = tx[tx_out++];
  if (tx_in == tx_out && (REG(UART_FR) & UART_BUSY) == 0) REG(GPIO_OUT_CLEAR) = 1u << DRIVER_PIN;
}

void reset(void) __attribute__((noreturn));
void reset(void) {
  memcpy(data_begin, data_from, (size_t)((uint8_t *)data_end - (uint8_t *)data_begin));
  memset(bss_begin, 0, (size_t)((uint8_t *)bss_end - (uint8_t *)bss_begin));
  gw_box_start(&box, start());
  measure();
  for (uint32_t last = 0;;) {
    if (clock_ms != last) {
      last = clock_ms;
      REG(WATCHDOG_LOAD) = WATCHDOG_COUNTS;
      REG(GPIO_OUT_TOGGLE) = 1u << PUMP_PIN;
      gw_box_tick(&box, last);
    }
    while ((REG(UART_FR) & UART_RX_EMPTY) == 0) gw_box_receive(&box, (uint8_t)REG(UART_DR));
    transmit();
    __asm__ volatile("wfi");
  }
}
