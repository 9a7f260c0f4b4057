//! Tells that containers became stale: each once, in the transaction that notes it.

use sqlx::{Sqlite, Transaction};

use super::model::age::days;
use super::model::judging::Judgement;
use super::store::candidates::Candidate;
use super::store::episodes;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;

/// More than so many at once are one line.
const MOST_ALONE: usize = 5;

/// Names that this line says.
const MOST_NAMED: usize = 20;

/// Tells of those that are news. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn tell(
    tx: &mut Transaction<'_, Sqlite>,
    stale: &[(&Candidate, &Judgement)],
    now: i64,
) -> Result<(), sqlx::Error> {
    let mut news = Vec::new();
    for (candidate, judgement) in stale {
        let last_alive = judgement.last_alive.unwrap_or_default();
        let (engine, id) = (&candidate.engine_id, &candidate.docker_id);
        if episodes::begin(tx, engine, id, last_alive, now).await? {
            news.push((*candidate, *judgement));
        }
    }
    if news.len() > MOST_ALONE {
        return outbox::leave(tx, &Report::from(many(&news)), now).await;
    }
    for (candidate, judgement) in news {
        let happening = Happening::ContainerStale {
            name: candidate.name.clone(),
            days: judgement.age.map_or(0, days),
        };
        let report = Report::from(happening).about(&candidate.workload_id, &candidate.id);
        outbox::leave(tx, &report, now).await?;
    }
    Ok(())
}

fn many(news: &[(&Candidate, &Judgement)]) -> Happening {
    let named = news.iter().take(MOST_NAMED);
    let mut names: Vec<_> = named.map(|(one, _)| one.name.as_str()).collect();
    if news.len() > MOST_NAMED {
        names.push("…");
    }
    Happening::ContainersStale {
        count: i64::try_from(news.len()).unwrap_or(i64::MAX),
        names: names.join(", "),
    }
}
