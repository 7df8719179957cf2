"""A pymodbus server with a SunSpec map at base 50000 under unit 126: a peer of another house. It prints its port."""
import struct
import sys
import types

# pymodbus imports its serial parts even for TCP; Debian only recommends the packages they need.
for name in ("serial", "serial_asyncio"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["serial_asyncio"].create_serial_connection = None

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext

from pymodbus.server import StartTcpServer

NA = 0xFFFF
SIGNED_NA = 0x8000


def text(value, registers):
    raw = value.encode().ljust(registers * 2, b"\0")
    return list(struct.unpack(f">{registers}H", raw))


def common():
    body = text("Huttworks", 16) + text("Ridge 8.2", 16) + text("", 8) + text("3.07", 8) + text("HW-004711", 16)
    return [1, 66] + body + [126, SIGNED_NA]


def inverter():
    body = [
        *(2481, 827, 826, 828, 0xFFFE),  # A, AphA-C, A_SF -2
        *(4003, 4001, 3998, 2312, 2307, 2318, 0xFFFF),  # voltages, V_SF -1
        *(571, 1),  # W 5710, W_SF 1
        *(4998, 0xFFFE),  # Hz 49.98
        *(574, 1, 35, 1, 9930, 0xFFFE),  # VA, VAr, PF
        *(0x0012, 0xD687, 0),  # WH 1234567
        *(NA, SIGNED_NA, NA, SIGNED_NA, SIGNED_NA, SIGNED_NA),  # DC not implemented
        *(413, SIGNED_NA, SIGNED_NA, SIGNED_NA, 0xFFFF),  # TmpCab 41.3
        *(4, NA),
        *([0] * 12),
    ]
    assert len(body) == 50, len(body)
    return [103, 50] + body


def nameplate():
    body = [4, 8200, 0] + [NA] * 23
    assert len(body) == 26
    return [120, 26] + body


def controls():
    body = [NA, NA, 1, 1000, NA, 0, NA, 0] + [SIGNED_NA] * 13 + [0xFFFF, SIGNED_NA, SIGNED_NA]
    body[7] = 0
    assert len(body) == 24, len(body)
    return [123, 24] + body


words = [0x5375, 0x6E53] + common() + inverter() + nameplate() + controls() + [0xFFFF, 0]
block = ModbusSequentialDataBlock(50001, words)
slave = ModbusSlaveContext(hr=block, ir=ModbusSequentialDataBlock(1, [0] * 4))
context = ModbusServerContext(slaves={126: slave}, single=False)
StartTcpServer(context=context, address=("127.0.0.1", int(sys.argv[1])))
