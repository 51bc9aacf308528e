//! A Modbus TCP gateway: what stands between a network and boards on a wire that speak Modbus RTU.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Duration, timeout};

use super::modbus::framed;

/// A board that says nothing for so long has nothing to say, in milliseconds.
const REPLY_MS: u64 = 500;

/// Passes one request after the other to `wire` and its reply back, until the network hangs up. A board that does not answer
/// is not answered for.
pub(crate) async fn pass(
    mut network: impl AsyncRead + AsyncWrite + Unpin,
    mut wire: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    loop {
        let mut head = [0; 7];
        network.read_exact(&mut head).await?;
        let [transaction @ .., 0, 0, high, low, unit] = head else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let mut request = vec![0; length.saturating_sub(1)];
        network.read_exact(&mut request).await?;
        wire.write_all(&framed(unit, &request)).await?;
        let Ok(reply) = timeout(Duration::from_millis(REPLY_MS), reply(&mut wire)).await else { continue };
        let (unit, reply) = reply?;
        let length = u16::try_from(reply.len() + 1).unwrap_or(u16::MAX).to_be_bytes();
        let mut frame = transaction.to_vec();
        frame.extend([0, 0, length[0], length[1], unit]);
        frame.extend(reply);
        network.write_all(&frame).await?;
    }
}

/// Who replies, and what, without its check.
async fn reply(wire: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 3];
    wire.read_exact(&mut head).await?;
    let rest = match head[1] {
        1..=4 => usize::from(head[2]),
        5 | 6 | 15 | 16 => 3,
        _ => 0,
    };
    let mut tail = vec![0; rest + 2];
    wire.read_exact(&mut tail).await?;
    let mut reply = head[1..].to_vec();
    reply.extend(&tail[..rest]);
    Ok((head[0], reply))
}
