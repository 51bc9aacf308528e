//! A simulated cabinet as a process of its own, so that the physical truth outlives a kill of the kiosk.
//!
//! ```text
//! $ sim-cabinet --listen 127.0.0.1:0
//! listening on 127.0.0.1:40123
//! $ echo '{"id":1,"do":"pry","box_no":3}' | nc -N 127.0.0.1 40123
//! {"id":1,"ok":"done"}
//! ```

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use locker_hal_sim::{BoxNo, RealClock, ServeError, Sim, SimConfig, SimServer};

/// Simulates a key cabinet on a loopback socket, in newline-delimited JSON.
#[derive(Parser)]
#[command(name = "sim-cabinet")]
struct Arguments {
    /// Where to listen; port 0 takes any free one. Loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How many boxes there are.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u8).range(1..))]
    boxes: u8,
    /// How many boxes hang on one board.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..))]
    boxes_per_board: u8,
    /// Which boxes have a door sensor.
    #[arg(long, value_enum, default_value_t = Fitted::All)]
    door_sensors: Fitted,
    /// Which boxes have an item sensor.
    #[arg(long, value_enum, default_value_t = Fitted::All)]
    item_sensors: Fitted,
    /// How long door contacts bounce, in milliseconds.
    #[arg(long, default_value_t = 30)]
    bounce_ms: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fitted {
    All,
    None,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sim-cabinet: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), ServeError> {
    let without = |fitted| match fitted {
        Fitted::All => Default::default(),
        Fitted::None => BoxNo::first(arguments.boxes).collect(),
    };
    let config = SimConfig {
        boxes: arguments.boxes,
        boxes_per_board: arguments.boxes_per_board,
        without_door_sensor: without(arguments.door_sensors),
        without_item_sensor: without(arguments.item_sensors),
        bounce_ms: arguments.bounce_ms,
        ..SimConfig::default()
    };
    let server = SimServer::bind(arguments.listen, Sim::new(config, RealClock::start())).await?;
    let address = server.local_addr().map_err(ServeError::Listen)?;
    println!("listening on {address}");
    // Whoever started this waits for the line, and may have closed the pipe right after.
    let _ = std::io::stdout().flush();
    server.run().await;
    Ok(())
}
