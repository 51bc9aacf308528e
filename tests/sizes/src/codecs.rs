//! A firmware that encodes and decodes, and does nothing else: what is linked of it is the code of the codecs.
#![no_std]
#![no_main]
#![allow(dead_code, unused_imports, unused_macros, reason = "each feature is one codec")]

extern crate alloc;

use core::alloc::{GlobalAlloc, Layout};
use core::hint::black_box;
use core::ptr::null_mut;

use locker_hal::codec::kerong::{cu12, cu16, cu48};
use locker_hal::codec::{Decoder, OutOfRange, Packet, modbus, winnsen, wkly, xor};

/// Codecs allocate nothing; the crate around them wants somebody who could.
struct Nothing;

unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NOTHING: Nothing = Nothing;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

type Encoded = Result<Packet, OutOfRange>;

/// Everything that a codec can be asked, from numbers that the compiler does not know.
macro_rules! codec {
    ($feature:literal, $name:ident, $protocol:ty, |$n:ident| [$($request:expr),* $(,)?]) => {
        #[cfg(feature = $feature)]
        mod $name {
            use super::*;

            #[inline(never)]
            pub fn encode($n: [u8; 4], which: u8) -> Option<Encoded> {
                let mut at = 0;
                $(
                    if which == at {
                        return Some($request);
                    }
                    at += 1;
                )*
                let _ = at;
                None
            }

            #[inline(never)]
            pub fn feed(decoder: &mut Decoder<$protocol>, mut bytes: &[u8]) {
                while let Some(frame) = decoder.feed(&mut bytes) {
                    black_box(frame);
                }
                while let Some(frame) = decoder.silence() {
                    black_box(frame);
                }
            }

            pub fn keep() {
                black_box(encode as fn([u8; 4], u8) -> Option<Encoded>);
                black_box(feed as fn(&mut Decoder<$protocol>, &[u8]));
            }
        }
    };
}

fn word(n: [u8; 4]) -> u16 {
    u16::from_le_bytes([n[2], n[3]])
}

codec!("xor", in_xor, xor::Xor, |n| [
    xor::Request::Unlock { board: n[0], lock: n[1] }.encode(),
    xor::Request::UnlockFor { board: n[0], lock: n[1], seconds: n[2] }.encode(),
    xor::Request::ReadAll { board: n[0] }.encode(),
]);
codec!("cu16", in_cu16, cu16::Cu16, |n| [
    cu16::Request::Unlock { board: n[0], lock: n[1] }.encode(),
    cu16::Request::Status(locker_hal::codec::kerong::Whom::Board(n[0])).encode(),
    cu16::Request::UnlockTime(locker_hal::codec::kerong::Whom::Board(n[0])).encode(),
    cu16::Request::SetUnlockTime(locker_hal::codec::kerong::Whom::Board(n[0]), word(n)).encode(),
]);
codec!("cu48", in_cu48, cu48::Cu48, |n| [
    cu48::Request::Unlock { board: n[0], lock: n[1] }.encode(),
    cu48::Request::Status(locker_hal::codec::kerong::Whom::Board(n[0])).encode(),
]);
codec!("cu12", in_cu12, cu12::Cu12, |n| [
    cu12::Request::Unlock { board: n[0], lock: n[1] }.encode(),
    cu12::Request::Status(locker_hal::codec::kerong::Whom::Board(n[0])).encode(),
    cu12::Request::UnlockTime(locker_hal::codec::kerong::Whom::Board(n[0])).encode(),
    cu12::Request::SetUnlockTime(locker_hal::codec::kerong::Whom::Board(n[0]), word(n)).encode(),
]);
codec!("modbus-rtu", in_modbus_rtu, modbus::Rtu, |n| [
    modbus::Request::ReadCoils { first: word(n), count: n[1].into() }.encode_rtu(n[0]),
    modbus::Request::ReadInputs { first: word(n), count: n[1].into() }.encode_rtu(n[0]),
    modbus::Request::ReadRegisters { first: word(n), count: n[1].into() }.encode_rtu(n[0]),
    modbus::Request::WriteCoil { coil: word(n), value: n[1].into() }.encode_rtu(n[0]),
    modbus::Request::WriteRegister { register: word(n), value: n[1].into() }.encode_rtu(n[0]),
]);
codec!("modbus-tcp", in_modbus_tcp, modbus::Tcp, |n| [
    modbus::Request::ReadCoils { first: word(n), count: n[1].into() }.encode_tcp(n[0], word(n)),
    modbus::Request::ReadInputs { first: word(n), count: n[1].into() }.encode_tcp(n[0], word(n)),
    modbus::Request::ReadRegisters { first: word(n), count: n[1].into() }.encode_tcp(n[0], word(n)),
    modbus::Request::WriteCoil { coil: word(n), value: n[1].into() }.encode_tcp(n[0], word(n)),
    modbus::Request::WriteRegister { register: word(n), value: n[1].into() }.encode_tcp(n[0], word(n)),
]);
codec!("winnsen", in_winnsen, winnsen::Winnsen, |n| [
    winnsen::Request::Open { station: n[0], lock: n[1] }.encode(),
    winnsen::Request::Poll { station: n[0], mask: word(n) }.encode(),
]);
codec!("wkly", in_wkly, wkly::Wkly, |n| [
    wkly::Request::Unlock { board: n[0], channel: n[1] }.encode(),
    wkly::Request::Read { board: n[0], channel: n[1] }.encode(),
    wkly::Request::ReadAll { board: n[0] }.encode(),
]);

/// The entry, from which everything that is linked is reached.
#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    #[cfg(feature = "xor")]
    in_xor::keep();
    #[cfg(feature = "cu16")]
    in_cu16::keep();
    #[cfg(feature = "cu48")]
    in_cu48::keep();
    #[cfg(feature = "cu12")]
    in_cu12::keep();
    #[cfg(feature = "modbus-rtu")]
    in_modbus_rtu::keep();
    #[cfg(feature = "modbus-tcp")]
    in_modbus_tcp::keep();
    #[cfg(feature = "winnsen")]
    in_winnsen::keep();
    #[cfg(feature = "wkly")]
    in_wkly::keep();
    loop {}
}
