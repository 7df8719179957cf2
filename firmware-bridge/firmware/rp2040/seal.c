/* Makes the image that an RP2040 starts: the checksum of its boot stage is put in, and all of it wrapped in blocks of UF2, which
 * the chip's own loader takes when a file is dropped on it. seal IMAGE.bin BOX.uf2 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BOOT_BYTES 252
#define PAGE 256
#define FLASH 0x10000000u
#define FAMILY_RP2040 0xe48bff56u
#define MAX_BYTES (256 * 1024)

static uint8_t image[MAX_BYTES], block[512];

/* As the chip's loader reckons it: most significant bit first, nothing inverted at the end. */
static uint32_t checksum(const uint8_t *bytes, size_t length) {
  uint32_t crc = 0xffffffffu;
  for (size_t at = 0; at < length; at++) {
    crc ^= (uint32_t)bytes[at] << 24;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1u << 31 ? crc << 1 ^ 0x04c11db7u : crc << 1;
  }
  return crc;
}

static void put(uint8_t *to, uint32_t value) {
  for (int byte = 0; byte < 4; byte++) to[byte] = (uint8_t)(value >> 8 * byte);
}

int main(int count, char **names) {
  FILE *from = count == 3 ? fopen(names[1], "rb") : NULL, *to = count == 3 ? fopen(names[2], "wb") : NULL;
  if (from == NULL || to == NULL) return fprintf(stderr, "seal IMAGE.bin BOX.uf2\n"), 2;
  size_t length = fread(image, 1, MAX_BYTES, from);
  if (length <= PAGE || length == MAX_BYTES) return fprintf(stderr, "%zu bytes are no image\n", length), 1;
  put(image + BOOT_BYTES, checksum(image, BOOT_BYTES));
  uint32_t blocks = (uint32_t)((length + PAGE - 1) / PAGE);
  for (uint32_t at = 0; at < blocks; at++) {
    const uint32_t head[] = {0x0a324655u, 0x9e5d5157u, 0x2000u, FLASH + at * PAGE, PAGE, at, blocks, FAMILY_RP2040};
    memset(block, 0, sizeof block);
    for (size_t word = 0; word < 8; word++) put(block + 4 * word, head[word]);
    memcpy(block + 32, image + at * PAGE, PAGE);
    put(block + 508, 0x0ab16f30u);
    if (fwrite(block, 1, sizeof block, to) != sizeof block) return 1;
  }
  return fclose(to) == 0 ? 0 : 1;
}
