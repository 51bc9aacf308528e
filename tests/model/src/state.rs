//! A world as the checker sees it: known again by its fingerprint, watched for what its steps bring about.

use std::fmt;
use std::hash::{Hash, Hasher};

use stateright::{Model, Property};

use crate::fold::Print;
use crate::marks::{Marks, Seen};

/// The machine and everything around it, at one moment.
pub trait World: Clone + fmt::Debug + Send + Sync + 'static {
    /// What the steps to here broke, and what the last one brought about.
    fn marks(&self) -> Marks;

    /// The same, to change it.
    fn marks_mut(&mut self) -> &mut Marks;

    /// Folds whatever tells this world from others, but the marks.
    fn fold(&self, print: &mut Print);
}

/// What can happen to a world, and what must hold of it.
pub trait Game: Clone + Send + Sync + 'static {
    /// The world.
    type World: World;
    /// One step.
    type Act: Copy + fmt::Debug + PartialEq + Send + Sync + 'static;

    /// What has to happen on some step, in the order of its bits.
    const EVENTS: &'static [&'static str];

    /// The worlds that it begins with.
    fn begin(&self) -> Vec<Self::World>;

    /// What can happen next.
    fn acts(&self, world: &Self::World, acts: &mut Vec<Self::Act>);

    /// Makes a step.
    fn play(&self, world: &mut Self::World, act: Self::Act);

    /// The rules that are looked at.
    fn rules(&self) -> Vec<Property<Watched<Self>>>;
}

/// A world with its fingerprint: two are the same where those are.
#[derive(Clone)]
pub struct State<W> {
    world: W,
    print: u64,
    /// How many steps led here, on the path that came here first.
    steps: u32,
}

impl<W: World> State<W> {
    fn new(world: W, steps: u32) -> Self {
        let mut print = Print::default();
        world.fold(&mut print);
        world.marks().broken.hash(&mut print);
        Self { world, print: print.finish(), steps }
    }

    /// The world.
    pub const fn world(&self) -> &W {
        &self.world
    }

    /// Its fingerprint.
    pub const fn print(&self) -> u64 {
        self.print
    }
}

impl<W> PartialEq for State<W> {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl<W> Hash for State<W> {
    fn hash<H: Hasher>(&self, into: &mut H) {
        into.write_u64(self.print);
    }
}

impl<W: World> fmt::Debug for State<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.world.fmt(f)
    }
}

/// A game, and what has happened in it so far.
#[derive(Debug)]
pub struct Watched<G> {
    game: G,
    /// What has happened.
    pub seen: Seen,
}

impl<G: Game> Watched<G> {
    /// Nothing has happened yet.
    pub fn new(game: G) -> Self {
        Self { game, seen: Seen::default() }
    }

    /// The state after one step, be it the same or another.
    pub fn step(&self, state: &State<G::World>, act: G::Act) -> State<G::World> {
        let mut world = state.world.clone();
        world.marks_mut().happened = 0;
        self.game.play(&mut world, act);
        let next = State::new(world, state.steps + 1);
        self.seen.note(next.world.marks().happened, next.steps);
        next
    }
}

impl<G: Game> Model for Watched<G> {
    type State = State<G::World>;
    type Action = G::Act;

    fn init_states(&self) -> Vec<Self::State> {
        self.game.begin().into_iter().map(|world| State::new(world, 0)).collect()
    }

    fn actions(&self, state: &Self::State, acts: &mut Vec<G::Act>) {
        self.game.acts(&state.world, acts);
    }

    fn next_state(&self, state: &Self::State, act: G::Act) -> Option<Self::State> {
        let next = self.step(state, act);
        (next != *state).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.game.rules()
    }
}
