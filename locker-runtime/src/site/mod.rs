//! A whole site in one process: a locker and its office, their cabinet, the link between them, the messenger.

mod bus;
mod hosted;
mod link;
mod mailbox;
mod messenger;
mod post;
mod seed;
mod touch;

use std::io;
use std::sync::Arc;

use locker_core::office::Office;
use locker_core::{Layout, Locker, LockerId, Machine, RestoreError, Told};
use locker_hal_sim::{Sim, SimClient, SimConfig};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use messenger::Messenger;
use post::Post;

pub use bus::CabinetHands;
pub use link::Wire;
pub use mailbox::{Letter, Mailbox};
pub use seed::{ImportFile, ImportFileError, LogIn};

use crate::clock::{Clock, SystemClock, WallClock};
use crate::config::{Config, ConfigError, Driver};
use crate::folder::{DataFolder, FolderError};
use crate::journal::{Journal, JournalError, SqliteJournal};
use crate::open::{OpenError, RestoreFrom, open_machine};
use crate::task::{Ended, Handle, Owner, Running};
use crate::trace::{Recorder, Written};
use crate::vault::{Accounts, FileVault, VaultError};

/// The locker of a site: a site has one.
pub const LOCKER: LockerId = LockerId(1);

/// The way to the locker; what it shows is a copy of the machine to read screens and outputs from.
pub type LockerHandle = Handle<Locker, Locker>;
/// The way to the office.
pub type OfficeHandle = Handle<Office, Office>;

/// A running site.
pub struct Site {
    /// The locker; `None` when its journal is damaged: then no keys are served until staff decide (SAFE-4).
    pub locker: Option<LockerHandle>,
    /// The office; `None` when its journal is damaged.
    pub office: Option<OfficeHandle>,
    /// What is damaged, if something is.
    pub damage: Option<RestoreError>,
    /// The people's and the faults' side of a simulated cabinet.
    pub hands: Option<CabinetHands>,
    /// The wire between locker and office.
    pub wire: Wire,
    /// Messages that would have gone out, as long as the configuration names no service.
    pub mailbox: Mailbox,
    /// Passwords.
    pub accounts: Accounts,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The location's zone.
    pub zone: jiff::tz::TimeZone,
    /// Log-ins that a demo seed made, to be printed once.
    pub log_ins: Vec<LogIn>,
    running: Vec<Running>,
    tasks: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    bus: Option<JoinHandle<()>>,
    trace: Option<Written>,
}

/// Why a site does not start.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The data folder.
    #[error("the data folder: {0}")]
    Folder(#[from] FolderError),
    /// The vault.
    #[error("the vault: {0}")]
    Vault(#[from] VaultError),
    /// The journal file.
    #[error("the journal: {0}")]
    Journal(#[from] JournalError),
    /// A machine.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The seed.
    #[error("the seed: {0}")]
    Seed(#[from] ImportFileError),
    /// The cabinet.
    #[error("the cabinet: {0}")]
    Cabinet(#[from] locker_hal::CabinetError),
    /// The system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The office would not take over the seed.
    #[error("the office did not take over the seed")]
    NotSeeded,
}

/// A machine, or the damage that keeps it from running.
fn opened<M: Machine>(
    journal: &mut impl Journal,
    vault: &mut FileVault,
    clock: &dyn Clock,
) -> Result<Result<M, RestoreError>, SiteError> {
    match open_machine::<M>(journal, vault, &clock.now(), RestoreFrom::Snapshot) {
        Ok(machine) => Ok(Ok(machine)),
        Err(OpenError::Restore(damage)) => Ok(Err(damage)),
        Err(error) => Err(error.into()),
    }
}

impl Site {
    /// Opens the data folder, restores both machines, and starts all tasks. Within a Tokio runtime.
    ///
    /// # Errors
    /// [`SiteError`]. A damaged journal is no error: the site then runs without the machine and says so.
    pub async fn start(config: &Config) -> Result<Self, SiteError> {
        Self::start_over(config, |journal| journal).await
    }

    /// The same, with something laid over the folder's journal: a mirror, or a fault.
    ///
    /// # Errors
    /// As [`Site::start`].
    pub async fn start_over<J>(
        config: &Config,
        lay: impl FnOnce(SqliteJournal) -> J,
    ) -> Result<Self, SiteError>
    where
        J: Journal + Clone + 'static,
    {
        let zone = config.time_zone()?;
        let mailbox = Mailbox::default();
        let post = Arc::new(Post::of(config, &mailbox)?);
        let wall = if config.clock_confirmed { WallClock::Confirmed } else { WallClock::Doubted };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::start(zone.clone(), wall));
        let folder = DataFolder::own(&config.data)?;
        let mut vault = FileVault::open(&folder)?;
        let opened_journal = SqliteJournal::open(&folder)?;
        let mut journal = lay(opened_journal.journal);
        if let Some(torn) = &opened_journal.torn {
            tracing::warn!(?torn, "an append that a power cut had torn was dropped");
        }
        let accounts = Accounts::of(&vault);
        let (stop, stopping) = watch::channel(false);
        let mut site = Self {
            locker: None,
            office: None,
            damage: None,
            hands: None,
            wire: Wire::whole(),
            mailbox,
            accounts,
            clock: Arc::clone(&clock),
            zone,
            log_ins: Vec::new(),
            running: Vec::new(),
            tasks: Vec::new(),
            stop,
            bus: None,
            trace: None,
        };
        let locker = opened::<Locker>(&mut journal, &mut vault, &*clock)?;
        let office = opened::<Office>(&mut journal, &mut vault, &*clock)?;
        let (locker, office) = match (locker, office) {
            (Ok(locker), Ok(office)) => (locker, office),
            (Err(damage), _) | (_, Err(damage)) => {
                tracing::error!(%damage, "the journal is damaged: no keys are served until staff decide");
                site.damage = Some(damage);
                return Ok(site);
            }
        };
        let recorder =
            if config.trace { Some(Recorder::start(&folder, &locker, &clock.now())?) } else { None };
        let copy = |machine: &Locker, _: &_, _| machine.clone();
        let mut locker = Owner::new(locker, journal.clone(), vault.clone(), Arc::clone(&clock), copy);
        if let Some((recorder, written)) = recorder {
            locker = locker.watched_by(recorder);
            site.trace = Some(written);
        }
        if opened_journal.torn.is_some() {
            locker = locker.torn();
        }
        let (locker, running) = locker.spawn()?;
        site.running.push(running);
        let copy = |machine: &Office, _: &_, _| machine.clone();
        let office = Owner::new(office, journal.clone(), vault.clone(), Arc::clone(&clock), copy);
        let (office, running) = office.spawn()?;
        site.running.push(running);
        // A machine is read through its view, so the first has to be there.
        let _ = locker.view().wait_for(|view| view.shown.is_some()).await;
        let _ = office.view().wait_for(|view| view.shown.is_some()).await;
        site.log_ins = seed::first_start(&office, &site.accounts, &config.seed, config, &*clock).await?;
        let layout = Layout {
            pulse_ms: config.cabinet.pulse_ms,
            ..Layout::grid(LOCKER, config.cabinet.boxes, config.cabinet.columns)
        };
        // A locker that cannot record now hears it again with the next start.
        let _ = locker.note(Told::SetUp(Box::new(layout))).await;
        site.start_cabinet(config, &locker, &stopping)?;
        let wire = site.wire.clone();
        let link = link::Link::new(locker.clone(), office.clone(), journal, vault, Arc::clone(&clock), wire);
        site.tasks.push(tokio::spawn(link.run(stopping.clone())));
        let messenger =
            Messenger { locker: locker.clone(), office: office.clone(), post, clock: Arc::clone(&clock) };
        site.tasks.push(tokio::spawn(messenger.run(stopping)));
        let passwords = seed::first_passwords(&office, &site.accounts, &site.log_ins, site.stop.subscribe());
        if let Some(passwords) = passwords.await? {
            site.tasks.push(tokio::spawn(passwords));
        }
        site.locker = Some(locker);
        site.office = Some(office);
        Ok(site)
    }

    fn start_cabinet(
        &mut self,
        config: &Config,
        locker: &LockerHandle,
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), SiteError> {
        let sim = SimConfig { boxes: config.cabinet.boxes, ..SimConfig::default() };
        let hal_clock = bus::HalClock(Arc::clone(&self.clock));
        let columns = config.cabinet.columns;
        let (cabinet, hands) = match config.cabinet.driver {
            Driver::Simulated => {
                let world = Sim::new(sim, hal_clock.clone());
                (world.cabinet()?, Some(CabinetHands::here(world, columns)))
            }
            Driver::SimulatedProcess => {
                let address = config.cabinet.address;
                (SimClient::cabinet(address, &sim)?, Some(CabinetHands::there(address, columns)))
            }
            Driver::Boards => (crate::boards::cabinet(&config.cabinet).map_err(ConfigError::from)?, None),
        };
        tracing::info!(blind_ms = ?cabinet.blind_time(), "doors can stand open unseen for this long at most (BOX-7)");
        self.hands = hands;
        self.bus = Some(tokio::spawn(bus::run(cabinet, hal_clock, locker.clone(), stopping.clone())));
        Ok(())
    }

    /// Stops in order: the cabinet lets all coils go, tasks end, both machines keep a snapshot.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Some(bus) = self.bus {
            let _ = bus.await;
        }
        for task in self.tasks {
            let _ = task.await;
        }
        if let Some(locker) = self.locker {
            locker.shut_down().await;
        }
        if let Some(office) = self.office {
            office.shut_down().await;
        }
        for running in self.running {
            match running.ended().await {
                Ended::ShutDown => {}
                ended @ (Ended::Damaged(_) | Ended::Panicked) => {
                    tracing::error!(?ended, "a machine ended badly");
                }
            }
        }
        if let Some(written) = self.trace {
            // It ends with the locker's thread.
            let _ = written.await;
        }
    }
}
