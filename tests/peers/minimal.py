"""Talks to a simulated relay board with minimalmodbus, and says what it got, line by line."""

import sys

import minimalmodbus

port, unit, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
board = minimalmodbus.Instrument(port, unit)
board.serial.baudrate = 9600
board.serial.timeout = 2.0


def told(name, act):
    try:
        print(name, act(), flush=True)
    except Exception as why:  # its own kinds of refusal are what is told
        print(name, type(why).__name__, flush=True)


if kind == "coils":
    told("inputs", lambda: board.read_bits(0, 16, functioncode=2))
    told("on", lambda: board.write_bit(2, 1))
    told("relay", lambda: board.read_bit(2, functioncode=1))
    told("several", lambda: board.write_bits(0, [1, 0, 0, 1]))
    told("relays", lambda: board.read_bits(0, 8, functioncode=1))
    told("off", lambda: board.write_bits(0, [0] * 16))
    told("beyond", lambda: board.read_bit(500, functioncode=1))
    told("register", lambda: board.write_register(1, 256, functioncode=6))
else:
    told("on", lambda: board.write_register(1, 0x0100, functioncode=6))
    told("momentary", lambda: board.write_register(2, 0x0500, functioncode=6))
    told("relays", lambda: board.read_registers(1, 8))
    told("off", lambda: board.write_register(1, 0x0200, functioncode=6))
    told("relays", lambda: board.read_registers(1, 1))
    told("none", lambda: board.write_register(9, 0x0100, functioncode=6))
    told("nothing", lambda: board.write_register(1, 0x0900, functioncode=6))
