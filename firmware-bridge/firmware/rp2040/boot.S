/* The first 256 bytes of the flash: the chip's own program copies them to RAM, proves their checksum and runs them. They make
 * the flash readable in its plainest mode (command 03h, one line), and go to the vector table behind them. */
  .syntax unified
  .cpu cortex-m0plus
  .thumb

  .section .boot, "ax"
  ldr r3, =0x18000000 /* SSI */
  movs r1, #0
  str r1, [r3, #0x08] /* off while it is set up */
  movs r1, #2
  str r1, [r3, #0x14] /* half of the system's clock */
  ldr r1, =0x001f0300 /* 32 bits a frame, standard, «EEPROM read» */
  str r1, [r3, #0x00]
  ldr r1, =0x03000218 /* 03h, 8 bits of command, 24 bits of address */
  ldr r0, =0x180000f4
  str r1, [r0]
  movs r1, #0
  str r1, [r3, #0x04]
  movs r1, #1
  str r1, [r3, #0x08]
  ldr r0, =0x10000100
  ldr r1, =0xe000ed08 /* VTOR */
  str r0, [r1]
  ldmia r0!, {r1, r2}
  msr msp, r1
  bx r2
  .ltorg

  .section .vectors, "a"
  .word stack_end
  .word reset
  .rept 14
  .word stopped
  .endr
  .word turn /* TIMER_IRQ_0 */
  .rept 25
  .word stopped
  .endr

  /* What must not happen stays here, and the watchdog ends it. */
  .text
  .thumb_func
stopped:
  b stopped
