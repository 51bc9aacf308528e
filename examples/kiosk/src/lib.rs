//! What a kiosk serves: a running site, its HTTP API and the web pages, without a command line. `kiosk` is this alone; a
//! frontend of another kind runs beside it (`kiosk-terminal`).

mod assets;
pub mod serve;
