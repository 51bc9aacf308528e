//! What drivers take on this machine: their own bytes, what is on the heap when one is in a cabinet, and while it is asked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::{Future, poll_fn};
use std::io;
use std::mem::size_of;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use async_trait::async_trait;
use locker_hal::drivers::{
    Cu12, Cu12Settings, Cu16, Cu16Settings, Cu48, Cu48Settings, Relay, RelaySettings, Winnsen, WinnsenSettings, Wkly,
    WklySettings, Xor8a, XorSettings,
};
use locker_hal::line::{LineSettings, Opener, Port, SharedLine};
use locker_hal::{Board, BoxNo, Cabinet, WireNo};

/// The system's allocator, which counts.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn held() -> usize {
    HELD.load(Ordering::Relaxed)
}

/// A wire on which nobody answers. It takes nothing of its own.
struct Silent;

impl tokio::io::AsyncRead for Silent {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl tokio::io::AsyncWrite for Silent {
    fn poll_write(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

struct Plug;

#[async_trait]
impl Opener for Plug {
    async fn open(&mut self) -> io::Result<Box<dyn Port>> {
        Ok(Box::new(Silent))
    }
}

fn row<B: Board>(name: &str, make: impl Fn(SharedLine) -> B) {
    let before = held();
    let line = SharedLine::new(Plug, LineSettings::default());
    let of_line = held() - before;
    let mut board = make(line.clone());
    let of_board = held() - before - of_line;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let asked = runtime.block_on(async {
        let before = held();
        let mut read = pin!(board.read());
        // Polled until it waits for the reply.
        for _ in 0..4 {
            poll_fn(|cx| {
                let _ = read.as_mut().poll(cx);
                Poll::Ready(())
            })
            .await;
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        held() - before
    });
    drop(runtime);
    let before = held();
    let mut builder = Cabinet::builder();
    let there = builder.board(WireNo(0), make(line));
    builder.wire_boxes(there, BoxNo::first(8));
    let cabinet = builder.build().unwrap();
    let of_cabinet = held() - before;
    drop(cabinet);
    println!(
        "{name}: {} bytes and {of_board} on the heap; {asked} more while it is asked; its wire {of_line}; a cabinet of 8 boxes with it {of_cabinet}",
        size_of::<B>()
    );
}

fn main() {
    row("8A/80", |line| Xor8a::new(line, XorSettings { channels: 8, ..XorSettings::default() }).unwrap());
    row("CU16", |line| Cu16::new(line, Cu16Settings::default()).unwrap());
    row("CU48", |line| Cu48::new(line, Cu48Settings::default()).unwrap());
    row("CU12", |line| Cu12::new(line, Cu12Settings::default()).unwrap());
    row("Modbus", |line| Relay::new(line, RelaySettings::default()).unwrap());
    row("WKLY", |line| Wkly::new(line, WklySettings::default()).unwrap());
    row("Winnsen", |line| Winnsen::new(line, WinnsenSettings::default()).unwrap());
}
