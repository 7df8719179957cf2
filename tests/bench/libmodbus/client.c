/* Asks a Modbus TCP server for one register, one request after the other: client <port> <ms>.
 * Prints the microseconds that each request took, one a line. */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REQUESTS_MAX 2000000

static long long now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

int main(int count, char **words) {
  if (count != 3) return 2;
  modbus_t *context = modbus_new_tcp("127.0.0.1", atoi(words[1]));
  long long *took = malloc(sizeof *took * REQUESTS_MAX);
  if (context == NULL || took == NULL || modbus_connect(context) < 0) return 1;
  long long until = now_ns() + atoi(words[2]) * 1000000LL;
  int requests = 0;
  uint16_t value;
  for (long long begun = now_ns(); begun < until && requests < REQUESTS_MAX; begun = now_ns()) {
    if (modbus_read_registers(context, 7, 1, &value) != 1 || value != 7) return 1;
    took[requests++] = now_ns() - begun;
  }
  for (int request = 0; request < requests; request++) printf("%.2f\n", took[request] / 1000.0);
  return 0;
}
