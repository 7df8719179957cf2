/* A Modbus TCP server of libmodbus on a free port of loopback, one process per client; every holding register holds its
 * own address. Prints its port; ends when its standard input ends. */
#include <arpa/inet.h>
#include <modbus.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define REGISTERS 1000

static void serve(modbus_t *context, modbus_mapping_t *mapping) {
  uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
  for (;;) {
    int size = modbus_receive(context, query);
    if (size < 0) _exit(0);
    if (size > 0 && modbus_reply(context, query, size, mapping) < 0) _exit(0);
  }
}

int main(void) {
  modbus_t *context = modbus_new_tcp("127.0.0.1", 0);
  modbus_mapping_t *mapping = modbus_mapping_new(0, 0, REGISTERS, 0);
  if (context == NULL || mapping == NULL) return 1;
  for (int address = 0; address < REGISTERS; address++) mapping->tab_registers[address] = address;
  int listener = modbus_tcp_listen(context, 512);
  struct sockaddr_in place;
  socklen_t length = sizeof place;
  if (listener < 0 || getsockname(listener, (struct sockaddr *)&place, &length) < 0) return 1;
  signal(SIGCHLD, SIG_IGN);
  setpgid(0, 0);
  printf("%d\n", ntohs(place.sin_port));
  fflush(stdout);
  for (;;) {
    struct pollfd ends[2] = {{.fd = listener, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    if (poll(ends, 2, -1) < 0) return 1;
    if (ends[1].revents) {
      signal(SIGTERM, SIG_IGN);
      kill(0, SIGTERM);
      return 0;
    }
    if (modbus_tcp_accept(context, &listener) < 0) continue;
    if (fork() == 0) serve(context, mapping);
    close(modbus_get_socket(context));
  }
}
