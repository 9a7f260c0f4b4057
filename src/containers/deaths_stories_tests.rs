//! Stories of an engine that chance tells, held against what really happened in them: every death is told once.

use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::{GAP, Started, Story, died};
use super::*;

/// What chance decides, in the order in which it is asked; 0 once it has no more to say.
struct Chance(std::vec::IntoIter<u16>);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % bound
    }

    fn up_to(&mut self, most: usize) -> usize {
        self.below(most + 1)
    }

    fn of<const N: usize>(&mut self, choices: [i64; N]) -> i64 {
        choices[self.below(N)]
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }
}

/// One container on its engine. Times are in milliseconds.
struct Engine {
    /// What it tells, and when.
    events: Vec<(i64, Heard)>,
    /// What there is to be seen, and since when.
    states: Vec<(i64, Detail)>,
    deaths: usize,
    end: i64,
}

impl Engine {
    /// Runs that end at once or later, of which the engine tells late and shows late, each in its own measure.
    fn of(chance: &mut Chance, has_policy: bool) -> Self {
        let created = Detail {
            ended: true,
            ..Detail::default()
        };
        let mut engine = Self {
            events: vec![],
            states: vec![(0, created)],
            deaths: 0,
            end: 10,
        };
        let mut restarts = 0;
        let runs = 1 + chance.below(4);
        for number in 0..runs {
            let started = engine.end;
            let told = started + chance.of([0, 1, 2, 6]);
            let ended = if chance.once_in(2) {
                started + chance.of([0, 1, 3])
            } else {
                told + 1 + chance.below(60) as i64
            };
            let seen_dead = told.max(ended) + chance.of([0, 1, 2]);
            let running = Detail {
                started_at: Some(started),
                restarts,
                ..Detail::default()
            };
            engine.states.push((told, running.clone()));
            engine.tell(told, 1 + chance.below(9) as i64, Started);
            let is_last = number + 1 == runs;
            if !is_last || chance.once_in(2) {
                // Its policy gives up at last, or not.
                let restarting = has_policy && (!is_last || chance.once_in(2));
                restarts += i64::from(restarting);
                let dead = Detail {
                    ended: true,
                    finished_at: Some(ended),
                    last_exit_code: Some(3),
                    restarts,
                    restarting,
                    ..running
                };
                engine.states.push((seen_dead, dead));
                engine.tell(seen_dead, 10 + chance.below(9) as i64, died(3));
                engine.deaths += 1;
            }
            engine.end = seen_dead + chance.of([1, 2, 5, 40]);
        }
        engine
    }

    /// No two events have the same time.
    fn tell(&mut self, at: i64, micros: i64, turn: Move) {
        let last = self.events.last().map_or(0, |(_, heard)| heard.nano);
        let nano = (at * 1_000_000 + micros * 1000).max(last + 1);
        self.events.push((at, Heard { nano, turn }));
    }

    fn seen(&self, now: i64) -> &Detail {
        let past = self.states.partition_point(|(since, _)| *since <= now);
        &self.states[past - 1].1
    }

    /// How many events it has told by now.
    fn told(&self, now: i64) -> usize {
        self.events.partition_point(|(at, _)| *at <= now)
    }
}

/// Whoever follows the engine.
struct Follower<'a> {
    engine: &'a Engine,
    story: Story,
    /// So many events were taken in, as far as is known after a gap.
    place: usize,
    /// How the events of the stream that is open are taken in.
    look: Look,
    now: i64,
}

impl Follower<'_> {
    /// Takes these in and looks.
    fn take_in(&mut self, look: Look, events: std::ops::Range<usize>) {
        let events = self.engine.events[events].iter();
        let tidings = Tidings {
            name: "web".into(),
            moves: events.map(|(_, heard)| *heard).collect(),
        };
        let story = std::mem::replace(&mut self.story, Story::new());
        self.story = story.take_in(look, &tidings, self.engine.seen(self.now));
    }

    /// A batch of events. Answers whether the stream breaks before its place was kept.
    fn batch(&mut self, chance: &mut Chance) -> bool {
        let told = self.engine.told(self.now);
        let to = self.place + chance.up_to(told - self.place);
        if to == self.place {
            return false;
        }
        self.take_in(self.look, self.place..to);
        let breaks = chance.once_in(5);
        if !breaks {
            self.place = to;
        }
        breaks
    }

    /// A gap, what the engine repeats of it, and a look at everything. Answers whether the stream breaks within.
    fn gap(&mut self, chance: &mut Chance, forgets: bool) -> bool {
        self.now += chance.of([0, 0, 5, 40]);
        let told = self.engine.told(self.now);
        let standing = self.story.standing.as_ref();
        let after = self.place.checked_sub(1);
        self.look = Look::Resumed {
            after: after.map_or(0, |last| self.engine.events[last].1.nano),
            to: standing.and_then(|one| one.heard_nano).unwrap_or(0),
        };
        if forgets {
            let remembered = told.saturating_sub(chance.below(5));
            self.place = self.place.max(remembered);
        }
        let mut to = told;
        if chance.once_in(3) {
            to = self.place + chance.up_to(told - self.place);
        }
        if to > self.place {
            self.take_in(GAP, self.place..to);
            if chance.once_in(5) {
                return true;
            }
            self.place = to;
        }
        self.now += chance.of([0, 0, 3]);
        self.take_in(GAP, 0..0);
        false
    }
}

/// Lets chance tell a story, and answers how many deaths there were in it and how many were told.
fn tell(chance: &mut Chance, forgets: bool) -> (usize, usize) {
    let has_policy = chance.once_in(2);
    let engine = Engine::of(chance, has_policy);
    let mut follower = Follower {
        engine: &engine,
        story: Story::new(),
        place: 0,
        look: Look::Followed,
        now: chance.of([0, 1, 2]),
    };
    follower.take_in(GAP, 0..0);
    let mut breaks = false;
    while breaks || follower.now <= engine.end + 50 {
        breaks = match chance.below(5) {
            4 => follower.gap(chance, forgets),
            _ if breaks => follower.gap(chance, forgets),
            0 => {
                follower.now += 1 + chance.below(30) as i64;
                false
            }
            _ => follower.batch(chance),
        };
    }
    // In the end all is told, and everything is looked at once more.
    while follower.place < engine.events.len() {
        let left = engine.events.len() - follower.place;
        let to = follower.place + 1 + chance.below(left);
        follower.take_in(follower.look, follower.place..to);
        follower.place = to;
    }
    follower.take_in(GAP, 0..0);
    (engine.deaths, follower.story.told.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_death_is_told_once_through_gaps_and_repetitions(said in vec(any::<u16>(), 20..200)) {
        let (real, told) = tell(&mut Chance(said.into_iter()), false);
        prop_assert_eq!(told, real);
    }

    #[test]
    fn no_death_is_told_twice_by_an_engine_that_forgets(said in vec(any::<u16>(), 20..200)) {
        let (real, told) = tell(&mut Chance(said.into_iter()), true);
        prop_assert!(told <= real, "{told} told of {real}");
    }
}
