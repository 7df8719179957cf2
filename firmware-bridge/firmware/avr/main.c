/* The ATmega328P at 16 MHz. One interrupt per 256 us starts a conversion, voltage and current in turn; the main loop does
 * everything else, and it alone feeds the watchdog and pumps the coil supply: when it hangs, the coils drop.
 *
 * PD4-PD7 channels 0-3 · PD2 emergency-stop loop to ground · PD3 reset button to ground · PB0 shed line out, pulls low
 * PB1 shed line in, low is shed · PB2 coil pump · PC0 voltage · PC1 current · PD0, PD1 serial line at 115200
 * PB3 driver of a shared line (RS485), high while it sends · PB4 to ground: the line is shared · PC2-PC5 to ground: address
 * ADC6 thermistor to ground below 10 kOhm (boards with the square chip alone bring it out) */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "../core/box.h"

#define TURN_US (GW_PAIR_US / 2)
#define RX_BYTES 128
#define TX_BYTES 256
#define RX_PER_TURN 32
#define FIRST_PIN PD4
#define BOOTS_AT 0
#define WARM 0x5a17
#define THERMISTOR 6
#define THERMISTOR_MS 1024

static gw_box box;
static volatile uint8_t rx[RX_BYTES], rx_in, rx_out;
static volatile uint8_t tx[TX_BYTES], tx_in, tx_out;
static volatile uint32_t clock_ms;
static uint16_t ampere;
static volatile uint16_t thermistor;
static volatile bool thermistor_due, aside;
static uint8_t cause __attribute__((section(".noinit")));
static uint16_t warm __attribute__((section(".noinit")));
static uint32_t session __attribute__((section(".noinit")));

/* Before anything else: a watchdog that fired goes on at its shortest time. */
void early(void) __attribute__((naked, used, section(".init3")));
void early(void) {
  cause = MCUSR;
  MCUSR = 0;
  wdt_enable(WDTO_250MS);
}

void gw_hal_output(uint8_t channel, bool high) {
  uint8_t bit = (uint8_t)(1 << (FIRST_PIN + channel));
  if (high) {
    PORTD |= bit;
  } else {
    PORTD &= (uint8_t)~bit;
  }
  DDRD |= bit;
}

void gw_hal_release(uint8_t channel) {
  DDRD &= (uint8_t) ~(1 << (FIRST_PIN + channel));
  PORTD &= (uint8_t) ~(1 << (FIRST_PIN + channel));
}

/* An open drain: several boxes may hang on the line. */
void gw_hal_pull_shed_line(bool pull) {
  PORTB &= (uint8_t) ~(1 << PB0);
  if (pull) {
    DDRB |= 1 << PB0;
  } else {
    DDRB &= (uint8_t) ~(1 << PB0);
  }
}

bool gw_hal_shed_line_pulled(void) { return !(PINB & 1 << PB1); }
bool gw_hal_estop_open(void) { return PIND & 1 << PD2; }
bool gw_hal_reset_pressed(void) { return !(PIND & 1 << PD3); }

/* All jumpers open is the first address. */
uint8_t gw_hal_address(void) { return (uint8_t)(1 + (~PINC >> PC2 & (GW_ADDRESS_MAX - 1))); }
bool gw_hal_shared_line(void) { return !(PINB & 1 << PB4); }

uint16_t gw_hal_thermistor(void) {
  uint16_t counts;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { counts = thermistor; }
  return counts;
}

void gw_hal_send(const uint8_t *bytes, uint8_t length) {
  uint8_t waiting;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { waiting = (uint8_t)(tx_in - tx_out); }
  if (TX_BYTES - 1 - waiting < length) return;
  for (uint8_t at = 0; at < length; at++) tx[(uint8_t)(tx_in + at)] = bytes[at];
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    tx_in = (uint8_t)(tx_in + length);
    if (box.shared_line) PORTB |= 1 << PB3;
    UCSR0B |= 1 << UDRIE0;
  }
}

uint8_t gw_hal_load(uint16_t at) { return eeprom_is_ready() ? eeprom_read_byte((const uint8_t *)at) : 0xff; }

void gw_hal_save(uint16_t at, uint8_t byte) {
  if (eeprom_is_ready()) eeprom_write_byte((uint8_t *)at, byte);
}

/* Starts counted in EEPROM above, sessions since then below. The high byte first: a number cut off is never an old one. */
uint32_t gw_hal_next_session(void) {
  bool kept = warm == WARM && !(cause & (1 << PORF | 1 << BORF)) && (uint16_t)(session + 1) != 0;
  cause &= (uint8_t) ~(1 << PORF | 1 << BORF);
  warm = WARM;
  if (kept) return ++session;
  uint16_t boots = eeprom_read_word((const uint16_t *)BOOTS_AT) + 1;
  eeprom_update_byte((uint8_t *)BOOTS_AT + 1, (uint8_t)(boots >> 8));
  eeprom_update_byte((uint8_t *)BOOTS_AT, (uint8_t)boots);
  session = (uint32_t)boots << 16 | 1;
  return session;
}

ISR(USART_RX_vect) {
  uint8_t byte = UDR0, next = (uint8_t)((rx_in + 1) % RX_BYTES);
  if (next == rx_out) return;
  rx[rx_in] = byte;
  rx_in = next;
}

/* Enabled only while something waits. */
ISR(USART_UDRE_vect) {
  UDR0 = tx[tx_out++];
  if (tx_in == tx_out) UCSR0B &= (uint8_t) ~(1 << UDRIE0);
}

/* The last bit is out: the line belongs to the others. */
ISR(USART_TX_vect) {
  if (tx_in == tx_out) PORTB &= (uint8_t) ~(1 << PB3);
}

ISR(TIMER1_COMPA_vect) {
  static uint16_t us;
  us += TURN_US;
  if (us >= 1000) {
    us -= 1000;
    clock_ms++;
    if ((clock_ms & (THERMISTOR_MS - 1)) == 0) thermistor_due = true;
  }
  ADCSRA |= 1 << ADSC;
}

/* Lets the serial line in: the end of a cycle takes longer than a byte. The thermistor is read aside, between two turns. */
ISR(ADC_vect, ISR_NOBLOCK) {
  uint16_t value = ADC;
  if (aside) {
    thermistor = value;
    ADMUX = 1 << REFS0 | 1;
    aside = false;
    return;
  }
  bool volt = !(ADMUX & 1);
  ADMUX ^= 1;
  if (volt && thermistor_due) {
    thermistor_due = false;
    aside = true;
    ADMUX = 1 << REFS0 | THERMISTOR;
    ADCSRA |= 1 << ADSC;
  }
  if (volt) {
    gw_sample(&box.sampler, value, ampere);
  } else {
    ampere = value;
  }
}

static uint8_t reset_cause(void) {
  if (cause & 1 << WDRF) return GW_RESET_WATCHDOG;
  if (cause & 1 << PORF) return GW_RESET_POWER_ON;
  return cause & 1 << BORF ? GW_RESET_BROWN_OUT : GW_RESET_EXTERNAL;
}

static void start(void) {
  uint8_t reset = reset_cause();
  PORTD |= 1 << PD2 | 1 << PD3;
  PORTB |= 1 << PB1 | 1 << PB4;
  PORTC |= 1 << PC2 | 1 << PC3 | 1 << PC4 | 1 << PC5;
  DDRB |= 1 << PB2 | 1 << PB3;
  UBRR0 = 16;
  UCSR0A = 1 << U2X0;
  UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
  UCSR0B = 1 << RXEN0 | 1 << TXEN0 | 1 << RXCIE0 | 1 << TXCIE0;
  gw_box_start(&box, reset);
  ADMUX = 1 << REFS0 | 1;
  ADCSRA = 1 << ADEN | 1 << ADIE | 7;
  OCR1A = (uint16_t)(F_CPU / 1024 * TURN_US / 1000000 - 1);
  TIMSK1 = 1 << OCIE1A;
  TCCR1B = 1 << WGM12 | 1 << CS12 | 1 << CS10;
  set_sleep_mode(SLEEP_MODE_IDLE);
  sei();
}

static void receive(void) {
  for (uint8_t turn = 0; turn < RX_PER_TURN && rx_out != rx_in; turn++) {
    uint8_t byte = rx[rx_out];
    rx_out = (uint8_t)((rx_out + 1) % RX_BYTES);
    gw_box_receive(&box, byte);
  }
}

int main(void) {
  start();
  for (uint32_t last = 0;;) {
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = clock_ms; }
    if (now != last) {
      last = now;
      wdt_reset();
      PINB = 1 << PB2; /* toggles, and leaves the bits that interrupts change alone */
      gw_box_tick(&box, now);
    }
    receive();
    sleep_mode();
  }
}
