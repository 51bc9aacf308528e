"""A Modbus device by pymodbus: 16 coils, 16 discrete inputs of which the third is off, 16 holding registers.

server.py rtu PORT | server.py tcp TCP_PORT: says `ready`, and then a line for each request that writes.
"""

import asyncio
import sys

from pymodbus import FramerType
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

kind, where = sys.argv[1], sys.argv[2]
inputs = [n != 2 for n in range(16)]
coils = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
contacts = [SimData(0, values=inputs, datatype=DataType.BITS, readonly=True)]
registers = [SimData(0, values=[0] * 16, datatype=DataType.REGISTERS)]
others = [SimData(0, values=[0], datatype=DataType.REGISTERS)]
device = SimDevice(1, simdata=(coils, contacts, registers, others))


def told(sending, pdu):
    if not sending and pdu.function_code in (5, 6):
        value = pdu.bits[0] if pdu.function_code == 5 else pdu.registers[0]
        print("write", pdu.function_code, pdu.address, int(value), flush=True)
    if sending and pdu.isError():
        print("exception", pdu.function_code & 0x7F, pdu.exception_code, flush=True)
    return pdu


async def serve():
    settings = {"trace_pdu": told}
    if kind == "rtu":
        server = StartAsyncSerialServer(device, framer=FramerType.RTU, port=where, baudrate=9600, **settings)
    else:
        server = StartAsyncTcpServer(device, address=("127.0.0.1", int(where)), **settings)
    task = asyncio.create_task(server)
    await asyncio.sleep(0.5)
    print("ready", flush=True)
    await task


asyncio.run(serve())
