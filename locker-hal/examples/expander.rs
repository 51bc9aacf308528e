//! Two locks on an I²C expander (PCA9555) of a Linux machine, without a kiosk: reads the hooks, fires lock 1 if told to.
//!
//! ```text
//! cargo run -p locker-hal --features gpio --example expander -- /dev/i2c-1 fire
//! ```
//! Lock 1: relay at P00, hook at P10. Lock 2: relay at P01, hook at P11. The relays switch on with a low level, so their
//! pins become outputs with a high one; the hook switches pull to ground.

use std::time::Duration;

use linux_embedded_hal::I2cdev;
use locker_hal::gpio::{PinBank, PinChannel, Wired};
use locker_hal::{Board, Boot, Channel, PulseId, PulseOrder, SoftwarePulse};
use port_expander::Pca9555;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let bus = arguments.next().ok_or("which bus? /dev/i2c-1, say")?;
    // The pins borrow their expander, and a board lives as long as the program.
    type Shared<B> = std::sync::Mutex<port_expander::dev::pca9555::Driver<B>>;
    let expander: Pca9555<Shared<I2cdev>> = Pca9555::with_mutex(I2cdev::new(bus)?, false, false, false);
    let pins = Box::leak(Box::new(expander)).split();
    let failed = |_| "the expander does not answer";
    let bank = PinBank::new([
        PinChannel {
            coil: Wired::low(pins.io0_0.into_output_high().map_err(failed)?),
            door: Some(Wired::low(pins.io1_0)),
            item: None,
        },
        PinChannel {
            coil: Wired::low(pins.io0_1.into_output_high().map_err(failed)?),
            door: Some(Wired::low(pins.io1_1)),
            item: None,
        },
    ])?;
    let mut board = SoftwarePulse::new(bank, |ms: u16| tokio::time::sleep(Duration::from_millis(ms.into())));
    if arguments.next().as_deref() == Some("fire") {
        let id = PulseId { boot: Boot(1), n: 1 };
        board.pulse(PulseOrder { id, channel: Channel(0), length_ms: 500 }).await?;
    }
    println!("{:?}", board.read().await?.0);
    Ok(())
}
