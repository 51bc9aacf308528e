//! What an MCP23017 wants to be told before its pins become outputs.

use embedded_hal::i2c::I2c;

/// The output latch of port A; that of port B is the next register.
const OLAT_A: u8 = 0x14;

/// Writes the output latches of an MCP23017: a bit of `high` for each pin, GPA0 first. To be called before any pin becomes an
/// output, with the levels at which no coil is on; the register's address counts on by itself, as it does after power-up.
///
/// `port-expander` 0.6 writes no latch before the direction, and believes that all of them are low. So a low-active coil would
/// be on for an instant, and again when the next pin of its port is set: behind this, set all coils of a port in one
/// `port_expander::write_multiple` first. The kernel's driver needs none of it.
///
/// ```
/// use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
///
/// // Relays at GPA0 and GPA1 that a low level switches on.
/// let mut i2c = Mock::new(&[Transaction::write(0x20, vec![0x14, 0b11, 0])]);
/// locker_hal::gpio::mcp23017_latches(&mut i2c, 0x20, 0b11)?;
/// # i2c.done();
/// # Ok::<(), embedded_hal::i2c::ErrorKind>(())
/// ```
///
/// # Errors
/// The bus's: nothing may become an output then.
pub fn mcp23017_latches<I: I2c>(i2c: &mut I, address: u8, high: u16) -> Result<(), I::Error> {
    let [port_a, port_b] = high.to_le_bytes();
    i2c.write(address, &[OLAT_A, port_a, port_b])
}
