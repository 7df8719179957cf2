/* The functions of the C library that the core needs; main.c has them. */
#ifndef GW_STRING_H
#define GW_STRING_H
#include <stddef.h>

void *memset(void *to, int byte, size_t length);
void *memcpy(void *to, const void *from, size_t length);
int memcmp(const void *one, const void *other, size_t length);

#endif
