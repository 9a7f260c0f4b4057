//! One fresh reading of one container, for a person who asks now.

use std::time::Duration;

use tokio::time::sleep;

use super::model::{FreshReading, Sample};
use super::source::{Source, Unread};
use super::store;
use super::usage::{Entry, Figures};
use crate::containers::model::ContainerStatus;
use crate::containers::roster::Member;
use crate::docker::id::DockerId;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// What the CPU figure looks back on.
const APART: Duration = Duration::from_secs(1);

/// How long each of the two readings may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Reads a container twice, a second apart, so that its CPU is known and is of this second; the last
/// round's reading would be cheaper and average over half a minute.
///
/// # Errors
/// `not_found` where the stage has no such container, `conflict` where it does not run,
/// `engine_unreachable` where its engine does not answer.
pub async fn read<S: Source>(
    db: &Db,
    clock: &Clock,
    source: &S,
    project_id: &str,
    stage: &str,
    id: &str,
) -> Result<FreshReading, AppError> {
    let found = store::instance(db, project_id, stage, id)
        .await?
        .ok_or_else(|| AppError::not_found("container"))?;
    if found.gone_at.is_some() || !ContainerStatus::parse(&found.status).is_alive() {
        return Err(not_running());
    }
    let member = Member {
        slot: found.slot,
        id: id.to_owned(),
        workload_id: found.workload_id,
        engine_id: found.engine_id,
        docker_id: DockerId::parse(&found.docker_id)
            .ok_or_else(|| AppError::internal("a container's row has no id of Docker's"))?,
    };
    let before = source.read(&member, DEADLINE).await.map_err(explain)?;
    sleep(APART).await;
    let now = source.read(&member, DEADLINE).await.map_err(explain)?;
    let entry = Entry {
        slot: member.slot,
        container_id: member.id.into(),
        workload_id: member.workload_id.into(),
        figures: Figures::between(Some(&before), &now),
    };
    let sample: Sample = entry.sample();
    Ok(FreshReading {
        ts: clock.now().timestamp(),
        sample,
    })
}

fn not_running() -> AppError {
    AppError::conflict("The container does not run; start it first.")
}

fn explain(reason: Unread) -> AppError {
    match reason {
        Unread::NotRunning | Unread::Gone => not_running(),
        Unread::EngineAway => AppError::engine_unreachable(
            "The engine does not answer; check that it runs and that we may use its socket.",
        ),
        Unread::Failed(error) => {
            tracing::warn!(%error, "a fresh reading failed");
            AppError::engine_unreachable(format!("The engine gave no reading: {error}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tokio::time::Instant;

    use super::*;
    use crate::docker::stats::Reading;
    use crate::stats::store::tests::database;

    /// A container that keeps one core busy, or something that never answers.
    #[derive(Clone)]
    struct Fake {
        started: Instant,
        away: bool,
    }

    impl Source for Fake {
        async fn read(&self, _: &Member, _: Duration) -> Result<Reading, Unread> {
            if self.away {
                return Err(Unread::EngineAway);
            }
            let passed = self.started.elapsed().as_nanos();
            Ok(Reading {
                taken_at_ns: i64::try_from(passed).ok(),
                cpu_total_ns: u64::try_from(passed).ok(),
                ..Reading::default()
            })
        }
    }

    #[tokio::test]
    async fn a_fresh_reading_knows_its_cpu_and_says_why_there_is_none() {
        let (db, _dir) = database().await;
        let clock = Clock::held_at(DateTime::from_timestamp(77, 0).unwrap());
        let fake = Fake {
            started: Instant::now(),
            away: false,
        };
        let away = Fake {
            away: true,
            ..fake.clone()
        };
        let reading = read(&db, &clock, &fake, "p", "prod", "c1").await.unwrap();
        assert_eq!((reading.ts, reading.sample.cpu_percent), (77, Some(100.0)));
        assert_eq!(reading.sample.container_id, "c1");
        for (source, stage, id, status) in [
            (&fake, "prod", "c2", 409),
            (&fake, "prod", "c9", 404),
            (&fake, "test", "c1", 404),
            (&away, "prod", "c1", 503),
        ] {
            let error = read(&db, &clock, source, "p", stage, id).await.unwrap_err();
            assert_eq!(error.code.status(), status, "{stage} {id}");
        }
    }
}
