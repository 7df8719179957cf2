"""A pymodbus server with a SunSpec map at 40000: common, 704 (IEEE 1547 controls). Unit 5. It prints its port."""
import asyncio
import struct
import sys
import types

# pymodbus imports its serial parts even for TCP; Debian only recommends the packages they need.
for name in ("serial", "serial_asyncio"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["serial_asyncio"].create_serial_connection = None

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.framer.socket_framer import ModbusSocketFramer
from pymodbus.server.async_io import ModbusTcpServer


def text(value, registers):
    raw = value.encode().ljust(registers * 2, b"\0")
    return list(struct.unpack(f">{registers}H", raw))


def common():
    body = text("Huttworks", 16) + text("Ridge DER", 16) + text("", 8) + text("3.07", 8) + text("HW-7", 16)
    return [1, 66] + body + [5, 0x8000]


def controls():
    body = [0] * 65
    at = lambda offset: offset - 2  # offsets count from the model's ID
    body[at(15)] = body[at(16)] = 1000  # WMaxLimPct, WMaxLimPctRvrt
    body[at(54)] = 0xFFFF  # WMaxLimPct_SF -1
    body[at(56)] = 0xFFFE  # WSetPct_SF -2
    return [704, 65] + body


async def main():
    words = [0x5375, 0x6E53] + common() + controls() + [0xFFFF, 0]
    block = ModbusSequentialDataBlock(40000, words)
    unit = ModbusSlaveContext(hr=block, zero_mode=True)
    context = ModbusServerContext(slaves={5: unit}, single=False)
    server = ModbusTcpServer(context, framer=ModbusSocketFramer, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while getattr(server, "server", None) is None:
        await asyncio.sleep(0.02)
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


asyncio.run(main())
