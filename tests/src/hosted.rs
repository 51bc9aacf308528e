//! A locker hosted in this process by the thread that owns it, before a simulated cabinet in virtual time: for journals that
//! fail and hosts that are broken on purpose.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use locker_core::mocks::MemoryVault;
use locker_core::screen::{Action, Button, Screen, Surface, Touch, Widget};
use locker_core::{
    Answer, Appointment, Ask, BoxNo, Channel, Contact, ContactKind, Delivery, Desired, Driver, Entry,
    ExternalRef, Head, Layout, Locker, LockerId, Mono, Now, Opened, Outputs, People, Personal, PulseId,
    Readings, Refusal, SealError, Secret, Settings, Subject, TimeOfDay, Told, Vault, Visit, VisitId, Wall,
};
use locker_hal::{Bus, Cabinet, VirtualClock};
use locker_hal_sim::{Sim, SimCommand, SimConfig};
use locker_runtime::clock::{Clock, HandClock, fresh};
use locker_runtime::journal::{Appended, Journal, JournalError, NotWritten, Room};
use locker_runtime::open::{OpenError, RestoreFrom, open_machine};
use locker_runtime::task::{AskError, Handle, Owner, Running, Store};
use locker_runtime::trace::Recorder;
use locker_runtime::vault::KeyStore;

/// The visit that is dropped.
pub const VISIT: VisitId = VisitId(1);
/// Its registration, the label of its key.
pub const KEY: &str = "1-ABC-123";
/// When the hosted clock begins.
const BEGIN: Wall = Wall(1_790_000_000_000);

/// A vault in memory that outlives a restart. Copies share it.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<MemoryVault>>);

impl Keys {
    fn with<T>(&self, act: impl FnOnce(&mut MemoryVault) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The newest heads had not reached the disk.
    pub fn lose_heads(&self) {
        self.with(|vault| *vault = MemoryVault::new());
    }
}

impl Vault for Keys {
    fn machine_key(&mut self, stream: &str) -> Result<Secret<[u8; 32]>, SealError> {
        self.with(|vault| vault.machine_key(stream))
    }
    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.with(|vault| vault.seal(subject, plain))
    }
    fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Opened, SealError> {
        self.with(|vault| vault.open(subject, sealed))
    }
    fn erase(&mut self, subject: Subject) -> Result<(), SealError> {
        self.with(|vault| vault.erase(subject))
    }
    fn head(&self, stream: &str) -> Result<Option<Head>, SealError> {
        self.with(|vault| vault.head(stream))
    }
    fn keep_head(&mut self, stream: &str, head: Head) -> Result<(), SealError> {
        self.with(|vault| vault.keep_head(stream, head))
    }
}

impl KeyStore for Keys {}

/// A journal whose process can be cut off from it: what it does afterwards reaches no disk.
#[derive(Clone)]
pub struct Plugged<J> {
    inner: J,
    is_cut: Arc<AtomicBool>,
}

impl<J> Plugged<J> {
    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }
}

impl<J: Journal> Journal for Plugged<J> {
    fn append(&mut self, stream: &str, after: u64, entries: &[Entry]) -> Appended {
        if self.is_cut() {
            return Appended::NotWritten(NotWritten::Full);
        }
        self.inner.append(stream, after, entries)
    }
    fn read(&mut self, stream: &str, after: u64, max: usize) -> Result<Vec<Entry>, JournalError> {
        self.inner.read(stream, after, max)
    }
    fn last(&mut self, stream: &str) -> Result<u64, JournalError> {
        self.inner.last(stream)
    }
    fn snapshot(&mut self, stream: &str) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        self.inner.snapshot(stream)
    }
    fn keep_snapshot(&mut self, stream: &str, seq: u64, bytes: &[u8]) -> Result<(), JournalError> {
        if self.is_cut() { Ok(()) } else { self.inner.keep_snapshot(stream, seq, bytes) }
    }
    fn probe(&mut self) -> Appended {
        self.inner.probe()
    }
    fn verify(&mut self) -> Result<(), JournalError> {
        self.inner.verify()
    }
    fn room(&mut self) -> Room {
        self.inner.room()
    }
}

/// A simulated cabinet that outlives the hosts before it.
#[derive(Clone)]
pub struct World {
    /// The truth.
    pub sim: Sim,
    clock: VirtualClock,
}

impl Default for World {
    fn default() -> Self {
        let clock = VirtualClock::default();
        Self { sim: Sim::new(SimConfig { boxes: 4, ..SimConfig::default() }, clock.clone()), clock }
    }
}

impl World {
    /// The pulses so far: how many, and which.
    #[must_use]
    pub fn pulses(&self) -> (u64, Vec<PulseId>) {
        let state = self.sim.state();
        (state.pulses, state.fired.iter().map(|fired| fired.id).collect())
    }

    /// The keys that lie in boxes.
    #[must_use]
    pub fn lies(&self) -> Vec<(BoxNo, String)> {
        let boxes = self.sim.state().boxes;
        boxes.iter().flat_map(|one| one.keys.iter().map(|key| (one.box_no, key.clone()))).collect()
    }

    fn hand(&self, command: SimCommand) {
        self.sim.command(command).expect("the door stands open");
    }
}

/// One boot of a host.
pub struct Host<J, V> {
    handle: Handle<Locker, Locker>,
    running: Running,
    journal: Plugged<J>,
    vault: V,
    clock: Arc<HandClock>,
    world: World,
    cabinet: Cabinet,
    touches: u64,
    /// What a broken host goes on to serve instead of what its machine says.
    pub believes: Option<Outputs>,
}

/// The visit as the office plans it.
#[must_use]
pub fn planned(id: VisitId, plate: &str, date: locker_core::Date) -> Visit {
    let contact = Contact {
        channel: Channel::Mail,
        kind: ContactKind::Private,
        address: "jane@example.org".into(),
        blocked: false,
    };
    let driver =
        Driver { name: "Jane Sample".into(), contacts: vec![contact], preferred: None, language: None };
    let people = People { plate: plate.into(), vehicle: "Car".into(), driver };
    let appointments = vec![Appointment {
        order: ExternalRef::new(format!("WO-{id}")).unwrap(),
        time: TimeOfDay::new(8, 30).unwrap(),
        work: "Tyres".into(),
    }];
    Visit { id, date, people: Personal::new(Subject::Visit(id), people), appointments, on_hold: false }
}

impl<J: Journal + Clone + 'static, V: KeyStore + Clone + 'static> Host<J, V> {
    /// Opens the machine on what the journal holds and runs it.
    ///
    /// # Errors
    /// [`OpenError`]: it does not start.
    pub async fn start(journal: J, vault: V, world: &World) -> Result<Self, OpenError> {
        Self::start_traced(journal, vault, world, |_, _| None).await
    }

    /// The same, with somebody who looks on, made of the machine before it runs.
    ///
    /// # Errors
    /// [`OpenError`]: it does not start.
    pub async fn start_traced(
        journal: J,
        vault: V,
        world: &World,
        trace: impl FnOnce(&Locker, &Now) -> Option<Recorder>,
    ) -> Result<Self, OpenError> {
        let mut plugged = Plugged { inner: journal, is_cut: Arc::default() };
        let clock = Arc::new(HandClock::new(BEGIN));
        let mut keys = vault.clone();
        let machine = open_machine::<Locker>(&mut plugged, &mut keys, &clock.now(), RestoreFrom::Snapshot)?;
        let copy = |machine: &Locker, _: &_, _| machine.clone();
        let recorder = trace(&machine, &clock.now());
        let mut owner =
            Owner::new(machine, plugged.clone(), keys, Arc::clone(&clock) as Arc<dyn Clock>, copy);
        if let Some(recorder) = recorder {
            owner = owner.watched_by(recorder);
        }
        let (handle, running) = owner.spawn().expect("a thread");
        let _ = handle.view().wait_for(|view| view.shown.is_some()).await;
        let _ = handle.note(Told::SetUp(Box::new(Layout::grid(LockerId(1), 4, 4)))).await;
        let visits = vec![Arc::new(planned(VISIT, KEY, clock.now().today))];
        let desired = Desired {
            revision: 1,
            settings: Settings::default(),
            visits,
            temporary: Vec::new(),
            authenticators: Vec::new(),
        };
        let _ = handle.note(Told::Desired(Box::new(desired))).await;
        let cabinet = world.sim.cabinet().unwrap();
        let world = world.clone();
        let mut host = Self {
            handle,
            running,
            journal: plugged,
            vault,
            clock,
            world,
            cabinet,
            touches: 0,
            believes: None,
        };
        host.pass(200).await;
        Ok(host)
    }

    /// Asks the locker something that is no touch.
    ///
    /// # Errors
    /// As the thread answers.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, AskError<Refusal>> {
        self.handle.ask(ask).await
    }

    /// The locker's thread serves what it was asked, and ends.
    pub async fn end(self) {
        self.handle.shut_down().await;
        drop(self.handle);
        let _ = self.running.ended().await;
    }

    /// The power goes: the process is cut off from its journal and dies.
    pub fn cut(self) -> (J, V) {
        self.journal.is_cut.store(true, Ordering::SeqCst);
        (self.journal.inner, self.vault)
    }

    /// The machine as it is published; `None` while none runs.
    #[must_use]
    pub fn machine(&self) -> Option<Arc<Locker>> {
        self.handle.view().borrow().shown.clone()
    }

    /// Whether records can be kept.
    #[must_use]
    pub fn store(&self) -> Store {
        self.handle.view().borrow().store
    }

    /// What the bottom screen shows.
    #[must_use]
    pub fn screen(&self) -> Screen {
        match self.machine() {
            Some(machine) => machine.screen(Surface::Bottom, &self.clock.now()),
            None => Screen::out_of_service(Surface::Bottom, locker_core::screen::Locale::En),
        }
    }

    /// What the cabinet is to do now.
    #[must_use]
    pub fn outputs(&self) -> Outputs {
        let now = self.clock.now();
        let off = Outputs::all_off(now.mono);
        let mut outputs = self.machine().map_or(off, |machine| machine.outputs(&now));
        if self.store() == Store::Down {
            outputs.pulse = None;
        }
        outputs
    }

    /// Lets time pass, by tens of milliseconds, for machine, bus and cabinet.
    pub async fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            self.clock.advance(50);
            self.world.clock.advance(50);
            let mut outputs = self.outputs();
            if let Some(old) = &self.believes {
                outputs = old.clone();
                outputs.at = self.now();
            }
            let readings: Readings = self.cabinet.cycle(&outputs, &self.now()).await;
            // Readings come again: one that cannot be recorded now is no loss.
            let _ = self.handle.note(Told::Readings(Arc::new(readings))).await;
            // A machine that was lost is restored by its thread, which this one waits for.
            tokio::task::yield_now().await;
        }
    }

    fn now(&self) -> Mono {
        self.clock.now().mono
    }

    /// Waits, in virtual and real time, until a machine runs and records can be kept.
    pub async fn until_up(&mut self) {
        while self.machine().is_none() || self.store() == Store::Down {
            self.pass(500).await;
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    /// Touches the screen.
    ///
    /// # Errors
    /// As the thread answers.
    pub async fn touch(&mut self, action: Action) -> Result<Answer, AskError<Refusal>> {
        self.touches += 1;
        let generation = self.screen().generation;
        let touch = Touch { generation, touch_id: self.touches, action, fresh: fresh() };
        self.handle.ask(Ask::Touch(touch)).await
    }

    /// Presses a button.
    ///
    /// # Errors
    /// As the thread answers.
    pub async fn press(&mut self, button: Button) -> Result<Answer, AskError<Refusal>> {
        self.touch(Action::Press { button }).await
    }

    /// A drop up to step 3, by registration and PIN.
    pub async fn drop_to_appointments(&mut self) {
        self.drop_to_driver().await;
        self.press(Button::Next).await.unwrap();
        assert_eq!(self.screen().id, "drop.appointments");
    }

    /// A drop up to step 2, by registration and PIN; gives the PIN.
    pub async fn drop_to_driver(&mut self) -> String {
        for button in [Button::DropKey, Button::Go, Button::ByRegistration] {
            self.press(button).await.unwrap();
        }
        self.touch(Action::Write { text: KEY.into() }).await.unwrap();
        self.press(Button::Ok).await.unwrap();
        self.pass(1_600).await;
        self.press(Button::Send).await.unwrap();
        let message = self.machine().unwrap().open_messages().first().expect("a PIN is wanted").message;
        let made = self.handle.ask(Ask::MakeCode { message, fresh: fresh() }).await;
        let Ok(Answer::Code { pin, .. }) = made else { panic!("a code is made") };
        self.handle.note(Told::Delivery { message, outcome: Delivery::Accepted }).await.unwrap();
        self.press(Button::EnterCode).await.unwrap();
        for digit in pin.reveal() {
            self.touch(Action::Digit { digit: digit - b'0' }).await.unwrap();
        }
        self.press(Button::Ok).await.unwrap();
        pin.reveal().iter().map(|digit| char::from(*digit)).collect()
    }

    /// From step 3 to a key in a closed box, not confirmed; gives the box.
    pub async fn put_key(&mut self) -> BoxNo {
        self.press(Button::Next).await.unwrap();
        self.pass(1_000).await;
        let box_no = self.served().expect("a box is open");
        self.world.hand(SimCommand::Put { box_no, key: KEY.into() });
        self.world.hand(SimCommand::Close { box_no });
        self.pass(1_500).await;
        box_no
    }

    /// The box in use.
    #[must_use]
    pub fn served(&self) -> Option<BoxNo> {
        self.screen().widgets.iter().find_map(|widget| match widget {
            Widget::BoxNumber { box_no } => Some(*box_no),
            _ => None,
        })
    }
}
