//! A pseudo-terminal: a serial port without wires. One end is the boards', the other is opened by its path.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, ioctl_tiocnxcl, tcgetattr, tcsetattr};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The boards' end of a pseudo-terminal. Dropping it hangs up: whoever has the other end open reads its end.
///
/// It has a speed, which moves no byte faster or slower: a board compares it with its own, and understands nothing when they
/// differ, as on a real wire.
pub struct Pty {
    master: AsyncFd<OwnedFd>,
    /// Held open, so that a client that closes its end is no end of the terminal.
    client: Arc<OwnedFd>,
    path: PathBuf,
    link: Option<PathBuf>,
}

/// Why there is no pseudo-terminal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PtyError {
    /// The system gives none.
    #[error("cannot open a pseudo-terminal: {0}")]
    Open(#[from] io::Error),
    /// The link to it cannot be made: something else is there, or the folder is not.
    #[error("cannot make the link {}: {why}", link.display())]
    Link {
        /// The link.
        link: PathBuf,
        /// The system's reason.
        why: io::Error,
    },
}

impl From<rustix::io::Errno> for PtyError {
    fn from(errno: rustix::io::Errno) -> Self {
        Self::Open(errno.into())
    }
}

impl Pty {
    /// A new one: raw, and set to `baud` bits a second until a client sets it otherwise.
    ///
    /// # Errors
    /// [`PtyError::Open`].
    pub fn open(baud: u32) -> Result<Self, PtyError> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC;
        let client = rustix::fs::open(&path, flags, rustix::fs::Mode::empty())?;
        let mut termios = tcgetattr(&client)?;
        termios.make_raw();
        termios.set_speed(baud)?;
        tcsetattr(&client, OptionalActions::Now, &termios)?;
        rustix::io::ioctl_fionbio(&master, true)?;
        #[expect(deprecated, reason = "sound for an owned descriptor; what replaces it is unsafe for all")]
        let master = AsyncFd::new(master)?;
        Ok(Self { master, client: Arc::new(client), path, link: None })
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings(Arc::clone(&self.client))
    }

    /// What a client opens.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a symbolic link to [`Self::path`]; it goes when the terminal goes. A link that is there already is replaced.
    ///
    /// # Errors
    /// [`PtyError::Link`].
    pub fn link(&mut self, link: &Path) -> Result<(), PtyError> {
        let failed = |why| PtyError::Link { link: link.to_owned(), why };
        match link.symlink_metadata() {
            Ok(there) if there.is_symlink() => std::fs::remove_file(link).map_err(failed)?,
            _ => {}
        }
        std::os::unix::fs::symlink(&self.path, link).map_err(failed)?;
        self.link = Some(link.to_owned());
        Ok(())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Another terminal's link stays.
        let ours = |link: &&PathBuf| std::fs::read_link(link).is_ok_and(|to| to == self.path);
        if let Some(link) = self.link.as_ref().filter(ours) {
            // Whoever follows it finds nothing either way.
            let _ = std::fs::remove_file(link);
        }
    }
}

/// What can be told and set at a terminal beside its bytes.
pub(crate) struct Settings(Arc<OwnedFd>);

impl Settings {
    /// The speed that the client has set.
    pub(crate) fn baud(&self) -> Option<u32> {
        tcgetattr(&self.0).ok().map(|termios| termios.output_speed())
    }

    /// A client that was killed leaves its exclusive claim on a terminal that is still open here.
    pub(crate) fn let_others_in(&self) {
        // If it cannot be taken back, only the superuser gets in: nothing else to be done.
        let _ = ioctl_tiocnxcl(&self.0);
    }
}

impl AsyncRead for Pty {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.master.poll_read_ready(cx))?;
            let read = ready.try_io(|master| {
                rustix::io::read(master.get_ref(), buf.initialize_unfilled()).map_err(io::Error::from)
            });
            if let Ok(read) = read {
                return Poll::Ready(read.map(|n| buf.advance(n)));
            }
        }
    }
}

impl AsyncWrite for Pty {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.master.poll_write_ready(cx))?;
            let written =
                ready.try_io(|master| rustix::io::write(master.get_ref(), bytes).map_err(io::Error::from));
            if let Ok(written) = written {
                return Poll::Ready(written);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
