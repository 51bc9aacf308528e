//! The folder in which one process keeps its journal and its vault.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the file whose lock says that a process owns the folder.
const LOCK: &str = "lock";

/// A data folder owned by this process, until the last copy of this value is dropped.
///
/// Two processes that wrote one journal would each believe in their own end of it. The lock is the operating system's:
/// it goes when the process goes, however it ends.
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use locker_runtime::folder::{DataFolder, FolderError};
///
/// let folder = DataFolder::own(dir.path()).unwrap();
/// assert!(matches!(DataFolder::own(dir.path()), Err(FolderError::InUse)));
/// drop(folder);
/// assert!(DataFolder::own(dir.path()).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct DataFolder(Arc<Owned>);

#[derive(Debug)]
struct Owned {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if there is none, closes it to everybody but its owner, and takes its lock.
    ///
    /// # Errors
    /// [`FolderError::InUse`] when another process has it, [`FolderError::Io`] when it cannot be made or written.
    pub fn own(path: impl AsRef<Path>) -> Result<Self, FolderError> {
        let path = path.as_ref().to_path_buf();
        fs::create_dir_all(&path)?;
        close_to_others(&path, 0o700)?;
        let file = path.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&file)?;
        close_to_others(&file, 0o600)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self(Arc::new(Owned { path, _lock: lock }))),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Where a file of this name lies in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path.join(name)
    }

    /// Makes the names in the folder durable, after a file was made or removed.
    pub(crate) fn sync(&self) -> io::Result<()> {
        File::open(&self.0.path)?.sync_all()
    }
}

/// Why a data folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process owns the folder.
    #[error("another process owns this data folder")]
    InUse,
    /// The folder cannot be made or written.
    #[error("the data folder cannot be made or written: {0}")]
    Io(#[from] io::Error),
}

/// Takes from group and others what they may do with the file or folder; it may have been made by a careless hand.
#[cfg(unix)]
pub(crate) fn close_to_others(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path)?.permissions().mode() & 0o777;
    if found & !mode != 0 {
        if found & 0o077 != 0 {
            tracing::debug!(found, mode, "a file of the data folder was open to others");
        }
        fs::set_permissions(path, fs::Permissions::from_mode(found & mode))?;
    }
    Ok(())
}

/// Without Unix permissions the folder is as closed as the system makes it.
#[cfg(not(unix))]
pub(crate) fn close_to_others(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Opens `path` for reading and writing, made if absent, closed to others from its first byte on.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    close_to_others(path, 0o600)?;
    Ok(file)
}
