/* The registers of the RP2040 that the box uses, by the names of its data sheet. */
#ifndef GW_REGISTERS_H
#define GW_REGISTERS_H
#include <stdint.h>

#define REG(at) (*(volatile uint32_t *)(at))
/* The same register, written so that only the bits given are set or cleared. */
#define SET(at) REG((at) + 0x2000u)
#define CLEAR(at) REG((at) + 0x3000u)

#define CLK_REF_CTRL 0x40008030u
#define CLK_REF_SELECTED 0x40008038u
#define CLK_SYS_CTRL 0x4000803cu
#define CLK_SYS_SELECTED 0x40008044u
#define CLK_PERI_CTRL 0x40008048u
#define CLK_ADC_CTRL 0x40008060u
#define CLK_ENABLE (1u << 11)
#define CLK_REF_XOSC 2u
#define CLK_PERI_SYS (0u << 5)
#define CLK_ADC_XOSC (3u << 5)

#define RESETS 0x4000c000u
#define RESETS_DONE 0x4000c008u
#define RESET_ADC (1u << 0)
#define RESET_I2C1 (1u << 4)
#define RESET_IO (1u << 5)
#define RESET_PADS (1u << 8)
#define RESET_TIMER (1u << 21)
#define RESET_UART0 (1u << 22)

#define PSM_WDSEL 0x40010008u
#define PSM_ALL_BUT_OSCILLATORS 0x1fffcu

#define IO_CTRL(pin) (0x40014004u + 8u * (pin))
#define PAD(pin) (0x4001c004u + 4u * (pin))
#define PAD_SCHMITT (1u << 1)
#define PAD_PULL_DOWN (1u << 2)
#define PAD_PULL_UP (1u << 3)
#define PAD_4MA (1u << 4)
#define PAD_INPUT (1u << 6)
#define PAD_NO_OUTPUT (1u << 7)
#define FUNCTION_UART 2u
#define FUNCTION_I2C 3u
#define FUNCTION_SIO 5u
#define FUNCTION_NONE 0x1fu

#define XOSC_CTRL 0x40024000u
#define XOSC_STATUS 0x40024004u
#define XOSC_STARTUP 0x4002400cu
#define XOSC_ENABLE_12MHZ 0xfabaa0u
#define XOSC_STABLE (1u << 31)
#define XOSC_START_1MS 47u /* in 256 cycles */

#define UART_DR 0x40034000u
#define UART_FR 0x40034018u
#define UART_IBRD 0x40034024u
#define UART_FBRD 0x40034028u
#define UART_LCR_H 0x4003402cu
#define UART_CR 0x40034030u
#define UART_BUSY (1u << 3)
#define UART_RX_EMPTY (1u << 4)
#define UART_TX_FULL (1u << 5)
#define UART_8N1_FIFO (3u << 5 | 1u << 4)
#define UART_ON (1u << 9 | 1u << 8 | 1u << 0)

#define I2C_CON 0x40048000u
#define I2C_TAR 0x40048004u
#define I2C_DATA_CMD 0x40048010u
#define I2C_FS_SCL_HCNT 0x4004801cu
#define I2C_FS_SCL_LCNT 0x40048020u
#define I2C_RAW_INTR 0x40048034u
#define I2C_CLR_TX_ABRT 0x40048054u
#define I2C_CLR_STOP_DET 0x40048060u
#define I2C_ENABLE 0x4004806cu
#define I2C_RXFLR 0x40048078u
#define I2C_MASTER_FAST (1u << 6 | 1u << 5 | 2u << 1 | 1u << 0)
#define I2C_READ (1u << 8)
#define I2C_STOP (1u << 9)
#define I2C_RESTART (1u << 10)
#define I2C_ABORTED (1u << 6)
#define I2C_STOPPED (1u << 9)

#define ADC_CS 0x4004c000u
#define ADC_RESULT 0x4004c004u
#define ADC_ON 1u
#define ADC_START (1u << 2)
#define ADC_READY (1u << 8)
#define ADC_INPUT(channel) ((uint32_t)(channel) << 12)

#define TIMER_RAW 0x40054028u
#define TIMER_ALARM 0x40054010u
#define TIMER_INTR 0x40054034u
#define TIMER_INTE 0x40054038u

#define WATCHDOG_CTRL 0x40058000u
#define WATCHDOG_LOAD 0x40058004u
#define WATCHDOG_REASON 0x40058008u
#define WATCHDOG_SCRATCH(at) (0x4005800cu + 4u * (at))
#define WATCHDOG_TICK 0x4005802cu
#define WATCHDOG_ENABLE (1u << 30)
#define WATCHDOG_TICK_ON (1u << 9)

#define CHIP_RESET 0x40064008u
#define HAD_POWER_ON (1u << 8)

#define GPIO_IN 0xd0000004u
#define GPIO_OUT_SET 0xd0000014u
#define GPIO_OUT_CLEAR 0xd0000018u
#define GPIO_OUT_TOGGLE 0xd000001cu
#define GPIO_OE_SET 0xd0000024u
#define GPIO_OE_CLEAR 0xd0000028u

#define NVIC_ENABLE 0xe000e100u

#endif
