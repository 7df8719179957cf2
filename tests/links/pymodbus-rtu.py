# A pymodbus server that speaks RTU frames over TCP, as a serial gateway does: unit 7, each holding register holds its
# own address + 3. Prints its port once it listens.
import asyncio
import sys
import types

# pymodbus imports its serial parts even for TCP; Debian only recommends the packages they need.
for name in ("serial", "serial_asyncio"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["serial_asyncio"].create_serial_connection = None

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.server.async_io import ModbusTcpServer


async def main():
    block = ModbusSequentialDataBlock(0, [address + 3 for address in range(2000)])
    unit = ModbusSlaveContext(hr=block, ir=block, zero_mode=True)
    context = ModbusServerContext(slaves={7: unit}, single=False)
    server = ModbusTcpServer(context, framer=ModbusRtuFramer, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while getattr(server, "server", None) is None:
        await asyncio.sleep(0.02)
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


asyncio.run(main())
