//! Coils and sensors on pins: of a microcontroller, of an I²C expander, of a Linux GPIO chip.
//!
//! ```text
//!  PinBank   embedded-hal 1.0 OutputPin / InputPin: any MCU, `port-expander`, `linux-embedded-hal`
//!  LineBank  lines of one Linux GPIO chip (feature `gpiochip`): all in two requests, bias, debounce in the kernel
//!      └───── Switched ───▶ SoftwarePulse (this process ends pulses) or the guard process ───▶ Board
//! ```
//!
//! A pin has no pulse of its own: whoever switched it on has to switch it off. A cabinet therefore refuses pins unless
//! `software_pulse` is accepted, and a kiosk drives them through a guard process (feature `guard`).
//!
//! # Before the first level
//! What a pin does between power and the first order is the board's wiring, not software: give every coil's driver a
//! resistor that holds it off. Then the order of two writes matters, *output latch before direction*: a pin is given
//! its off level before it becomes an output. [`LineBank`] does so in one request to the kernel; with an expander say
//! `into_output_high` where low means on, `into_output` where high does (both write the latch first; for an MCP23017, whose latches `port-expander` leaves alone, [`mcp23017_latches`] does).
//! Expanders without a direction register (PCF8574, PCF8575) come up high: let low mean on there.

mod bank;
#[cfg(feature = "gpiochip")]
mod lines;
mod mcp23017;

pub use bank::{Active, PinBank, PinChannel, PinFault, PinRole, Wired};
#[cfg(feature = "gpiochip")]
pub use lines::{Bias, DEBOUNCE_MS_MAX, Line, LineBank, LineChannel, LineFault, LineOptions};
pub use mcp23017::mcp23017_latches;
