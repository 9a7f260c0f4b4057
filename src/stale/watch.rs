//! Notices the time that nobody watched: the machine slept or was off, somebody set its clock, or an engine did
//! not answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::model::age::{Gap, Gaps};
use super::store::watch;
use crate::engines::model::Engine;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// Milliseconds: a clock that differs by less was only corrected a little.
const NOTABLE: i64 = 2 * 60 * 1000;

/// What both clocks showed at the last heartbeat, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Beat {
    wall: i64,
    steady: i64,
}

/// The heart of the program.
#[derive(Clone, Debug)]
pub struct Watch {
    last: Arc<Mutex<Beat>>,
    /// Since when each engine that does not answer has not, in Unix milliseconds.
    absent: Arc<Mutex<HashMap<String, i64>>>,
}

impl Watch {
    /// Begins to watch, and notes what went by since the program last did: the machine was off until it was
    /// started, or its clock was set meanwhile.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn begin(db: &Db, clock: &Clock) -> Result<Self, sqlx::Error> {
        let now = clock.millis();
        let booted = clock.booted_at();
        let last = watch::last_beat(db).await?;
        let mut tx = db.begin().await?;
        if let Some((beat, booted_then)) = last {
            watch::forget_after(&mut tx, now).await?;
            let until = absent_until(beat, booted_then, booted).min(now);
            if until > beat {
                tracing::info!(
                    from = beat,
                    until,
                    "the machine was off, or its clock was set"
                );
                watch::add(&mut tx, None, Gap { from: beat, until }).await?;
            }
        }
        watch::beat(&mut tx, now, booted).await?;
        tx.commit().await?;
        let first = Beat {
            wall: now,
            steady: clock.steady_millis(),
        };
        Ok(Self {
            last: Arc::new(Mutex::new(first)),
            absent: Arc::default(),
        })
    }

    /// Notices which engines do not answer, and notes for how long those did not that answer again: what
    /// stands on an engine that is off grows no older.
    ///
    /// # Errors
    /// Where the database does not take it; then the next call notes it.
    pub async fn notice(
        &self,
        db: &Db,
        clock: &Clock,
        engines: &[Engine],
    ) -> Result<(), sqlx::Error> {
        for engine in engines {
            let since = self.absent().get(&engine.id).copied();
            match since {
                None if !engine.up && engine.error.is_some() => {
                    let seen = engine.last_seen.map(|time| time.timestamp_millis());
                    let contact = watch::contact(db, &engine.id).await?.max(seen);
                    // Of one that never answered nothing is known that could grow old.
                    if let Some(contact) = contact {
                        self.absent().insert(engine.id.clone(), contact);
                    }
                }
                Some(from) if engine.up => {
                    let until = clock.millis();
                    if until - from > NOTABLE {
                        let mut tx = db.begin().await?;
                        watch::add(&mut tx, Some(&engine.id), Gap { from, until }).await?;
                        tx.commit().await?;
                    }
                    self.absent().remove(&engine.id);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Compares the clocks, and notes what nobody watched since the last beat.
    ///
    /// # Errors
    /// Where the database does not take it; then the next beat notes it.
    pub async fn beat(&self, db: &Db, clock: &Clock) -> Result<(), sqlx::Error> {
        let (now, gap) = (self.read(clock), self.drift(clock));
        let went_back = now.wall < self.last().wall;
        let mut tx = db.begin().await?;
        if went_back {
            watch::forget_after(&mut tx, now.wall).await?;
        }
        if let Some(gap) = gap {
            tracing::warn!(
                from = gap.from,
                until = gap.until,
                "the clock went ahead of the time; nothing grows older by that"
            );
            watch::add(&mut tx, None, gap).await?;
        }
        watch::beat(&mut tx, now.wall, clock.booted_at()).await?;
        tx.commit().await?;
        *self.last() = now;
        Ok(())
    }

    /// Every gap, those included that nobody has noted yet.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn gaps(&self, db: &Db, clock: &Clock) -> Result<Gaps, sqlx::Error> {
        // Before those that are noted are read, so that none is missed in between; twice the same counts once.
        let until = clock.millis();
        let absent = self.absent().clone().into_iter();
        let open = absent.map(|(id, from)| (Some(id), Gap { from, until }));
        let drift = self.drift(clock).map(|gap| (None, gap));
        let noted = watch::gaps(db).await?;
        Ok(Gaps::of_all(noted.into_iter().chain(open).chain(drift)))
    }

    /// Where the clock went ahead of the time since the last beat. When exactly nobody knows, so that all of it
    /// counts as unwatched.
    fn drift(&self, clock: &Clock) -> Option<Gap> {
        let (last, now) = (*self.last(), self.read(clock));
        let ahead = (now.wall - last.wall) - (now.steady - last.steady);
        (ahead > NOTABLE).then_some(Gap {
            from: last.wall,
            until: now.wall,
        })
    }

    fn read(&self, clock: &Clock) -> Beat {
        Beat {
            wall: clock.millis(),
            steady: clock.steady_millis(),
        }
    }

    fn absent(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> MutexGuard<'_, Beat> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until when, after the last beat, nobody can have watched.
fn absent_until(beat: i64, booted_then: Option<i64>, booted: Option<i64>) -> i64 {
    let Some(booted) = booted else { return beat };
    if booted > beat {
        return booted;
    }
    // The same start of the machine at another time: the clock was set.
    let moved = booted_then.map_or(0, |then| booted - then);
    if moved > NOTABLE { beat + moved } else { beat }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use chrono::Duration;

    use super::*;
    use crate::server::clock::from_millis;

    async fn fresh() -> (tempfile::TempDir, Db, Clock) {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        (dir, db, Clock::held_at(from_millis(1_000_000_000_000)))
    }

    async fn everywhere(watch: &Watch, db: &Db, clock: &Clock) -> Vec<Gap> {
        watch.gaps(db, clock).await.unwrap().everywhere
    }

    #[tokio::test]
    async fn time_that_goes_by_is_watched_and_a_jump_ahead_is_not() {
        let (_dir, db, clock) = fresh().await;
        let watch = Watch::begin(&db, &clock).await.unwrap();
        clock.advance(Duration::days(30));
        watch.beat(&db, &clock).await.unwrap();
        assert_eq!(everywhere(&watch, &db, &clock).await, []);
        let before = clock.millis();
        clock.jump(Duration::days(30));
        let gap = Gap {
            from: before,
            until: clock.millis(),
        };
        assert_eq!(
            everywhere(&watch, &db, &clock).await,
            [gap],
            "before it beats"
        );
        watch.beat(&db, &clock).await.unwrap();
        assert_eq!(everywhere(&watch, &db, &clock).await, [gap], "and after");
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_takes_back_what_was_said_of_the_time_to_come() {
        let (_dir, db, clock) = fresh().await;
        let watch = Watch::begin(&db, &clock).await.unwrap();
        let before = clock.millis();
        clock.jump(Duration::days(30));
        watch.beat(&db, &clock).await.unwrap();
        clock.jump(Duration::days(-29));
        watch.beat(&db, &clock).await.unwrap();
        let gap = Gap {
            from: before,
            until: clock.millis(),
        };
        assert_eq!(everywhere(&watch, &db, &clock).await, [gap]);
    }

    #[tokio::test]
    async fn what_went_by_before_the_machine_was_started_was_watched_by_nobody() {
        let (_dir, db, clock) = fresh().await;
        Watch::begin(&db, &clock).await.unwrap();
        clock.advance(Duration::days(1));
        let watch = Watch::begin(&db, &clock).await.unwrap();
        assert_eq!(
            everywhere(&watch, &db, &clock).await,
            [],
            "only we were off"
        );
        let off = clock.millis();
        clock.advance(Duration::days(20));
        clock.boot();
        let on = clock.millis();
        clock.advance(Duration::hours(1));
        let watch = Watch::begin(&db, &clock).await.unwrap();
        let gap = Gap {
            from: off,
            until: on,
        };
        assert_eq!(everywhere(&watch, &db, &clock).await, [gap]);
    }

    #[tokio::test]
    async fn the_time_that_an_engine_did_not_answer_is_its_own_gap() {
        let (_dir, db, clock) = fresh().await;
        let watch = Watch::begin(&db, &clock).await.unwrap();
        let now = clock.millis();
        crate::engines::store::ensure_local(&db, "unix:///nowhere", now)
            .await
            .unwrap();
        let mut engine = crate::engines::store::list(&db).await.unwrap().remove(0);
        engine.error = Some("off".into());
        watch
            .notice(&db, &clock, slice::from_ref(&engine))
            .await
            .unwrap();
        clock.advance(Duration::days(20));
        let never = watch.gaps(&db, &clock).await.unwrap();
        assert_eq!(never.of(&engine.id), [], "it never answered");
        engine.last_seen = Some(clock.now());
        watch
            .notice(&db, &clock, slice::from_ref(&engine))
            .await
            .unwrap();
        let from = clock.millis();
        clock.advance(Duration::days(20));
        let gap = Gap {
            from,
            until: clock.millis(),
        };
        let open = watch.gaps(&db, &clock).await.unwrap();
        assert_eq!(open.of(&engine.id), [gap], "before it answers");
        (engine.up, engine.error) = (true, None);
        watch
            .notice(&db, &clock, slice::from_ref(&engine))
            .await
            .unwrap();
        clock.advance(Duration::days(1));
        let noted = watch.gaps(&db, &clock).await.unwrap();
        assert_eq!(noted.of(&engine.id), [gap]);
        assert_eq!(noted.of("another"), []);
    }

    #[test]
    fn a_clock_that_was_set_while_we_were_off_is_noticed_by_the_start_of_the_machine() {
        let hour = 3_600_000;
        assert_eq!(
            absent_until(100 * hour, Some(10 * hour), Some(10 * hour + 1)),
            100 * hour
        );
        assert_eq!(
            absent_until(100 * hour, Some(10 * hour), Some(40 * hour)),
            130 * hour
        );
        assert_eq!(absent_until(100 * hour, Some(10 * hour), None), 100 * hour);
    }
}
