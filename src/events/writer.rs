//! The one who writes the log: gives numbers, links the chain, counts repetitions.

use std::collections::HashMap;

use super::bus::Bus;
use super::chain::{ChainKey, Hash};
use super::intake::{Load, Sameness, Waiting};
use super::model::cursor::{Cursor, time_of};
use super::model::event::Source;
use super::store::chain::Ends;
use super::store::row::{Row, severity_number, severity_of, source_number};
use super::store::words::facet;
use super::store::write::{self, Batch, NewRow, Spells};
use super::wording::sentence;
use crate::error::AppError;
use crate::i18n::Locale;
use crate::secrets::scrub::scrub;
use crate::server::db::Db;

/// Milliseconds after its first time within which the same thing is the same line.
pub const WINDOW: i64 = 10 * 60 * 1000;

/// Lines that are remembered for repetitions.
const MOST_REMEMBERED: usize = 20_000;

/// Lines of one transaction, so that others get to write in between.
const BATCH: usize = 500;

/// The longest sentence, in bytes. Names come from outside and can be of any length.
const LONGEST: usize = 2000;

/// Holds the end of the chain.
pub struct Writer {
    db: Db,
    bus: Bus,
    key: ChainKey,
    last_number: i64,
    head_hash: Hash,
    /// Lines that can still count repetitions.
    open: HashMap<Sameness, Row>,
}

impl Writer {
    /// Goes on where the log ends.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open(
        db: Db,
        bus: Bus,
        key: ChainKey,
        ends: &Ends,
        now: i64,
    ) -> Result<Self, AppError> {
        let rows = write::repeatable(&db, now - WINDOW, MOST_REMEMBERED as i64).await?;
        let mut open = HashMap::new();
        for row in rows {
            // The newest of two alike is the one that counts on.
            open.entry(sameness(&row)).or_insert(row);
        }
        Ok(Self {
            db,
            bus,
            key,
            last_number: ends.last_number,
            head_hash: ends.head_hash,
            open,
        })
    }

    /// Writes as much of `load` as one transaction takes, tells the bus of it and takes it out of `load`.
    ///
    /// # Errors
    /// Where the database does not take it; then nothing has changed.
    pub async fn write_some(&mut self, load: &mut Load) -> Result<(), sqlx::Error> {
        let count = load.lines.len().min(BATCH);
        let (mut number, mut hash) = (self.last_number, self.head_hash);
        let (mut new, mut repeated) = (Vec::new(), Vec::new());
        for line in &load.lines[..count] {
            number += 1;
            if let Some(row) = self.find_open(line) {
                let row = Row {
                    revision: number,
                    count: row.count + line.count,
                    last_ts: row.last_ts.max(line.last_at),
                    ..row.clone()
                };
                repeated.push((line.same.clone(), row));
            } else {
                let mut made = make(line, number);
                hash = self.key.link(&hash, &made.row);
                made.row.hash = hash.to_vec();
                new.push((line.same.clone(), made));
            }
        }
        // What began and ended belongs to the lines that tell of it, so it waits for the last of them.
        let is_last = count == load.lines.len();
        let lines = load.lines[..count].iter();
        let mut delivered: Vec<_> = lines.flat_map(|line| line.left_as.clone()).collect();
        if is_last {
            delivered.extend(&load.old_news);
        }
        let batch = Batch {
            new: new.iter().map(|(_, new)| new.clone()).collect(),
            repeated: repeated.iter().map(|(_, row)| row.clone()).collect(),
            spells: match is_last {
                true => load.spells.clone(),
                false => Spells::new(),
            },
            delivered,
            last_number: number,
            head_hash: hash,
            head_proof: self.key.prove_head(number, &hash),
        };
        write::write(&self.db, &batch).await?;
        (self.last_number, self.head_hash) = (number, hash);
        load.lines.drain(..count);
        if is_last {
            load.spells.clear();
            load.old_news.clear();
        }
        let written = new.into_iter().map(|(same, new)| (same, new.row));
        let mut written: Vec<_> = written.chain(repeated).collect();
        written.sort_by_key(|(_, row)| row.revision);
        for (same, row) in written {
            self.bus.publish_line(row.cursor(), row.clone().event());
            self.open.insert(same, row);
        }
        self.forget_closed();
        Ok(())
    }

    fn find_open(&self, line: &Waiting) -> Option<&Row> {
        let row = self.open.get(&line.same)?;
        let age = line.first_at - time_of(row.key);
        (0..WINDOW).contains(&age).then_some(row)
    }

    fn forget_closed(&mut self) {
        if self.open.len() <= MOST_REMEMBERED {
            return;
        }
        let newest = self.open.values().map(|row| row.key).max().unwrap_or(0);
        let oldest = time_of(newest) - WINDOW;
        self.open.retain(|_, row| time_of(row.key) > oldest);
        if self.open.len() > MOST_REMEMBERED {
            // More different lines within one window than repetitions are worth remembering for.
            self.open.clear();
        }
    }
}

fn make(line: &Waiting, number: i64) -> NewRow {
    let say = |locale| {
        let mut said = scrub(&sentence(locale, &line.happening)).into_owned();
        said.truncate(said.floor_char_boundary(LONGEST));
        said
    };
    let message = say(Locale::en);
    let words = format!("{message} {} {}", say(Locale::ru), line.same.kind);
    let same = &line.same;
    let source = line.happening.source();
    NewRow {
        words,
        facets: facets(same, source),
        row: Row {
            key: Cursor {
                at: line.first_at,
                number,
            }
            .key(),
            number,
            revision: number,
            severity: severity_number(same.severity),
            source: source_number(source),
            kind: same.kind.clone(),
            message,
            workload_id: same.workload_id.clone(),
            container_id: same.container_id.clone(),
            proxy_id: same.proxy_id.clone(),
            operation_id: same.operation_id.clone(),
            details: scrub(&same.details).into_owned(),
            count: line.count,
            last_ts: line.last_at,
            hash: Vec::new(),
        },
    }
}

fn facets(same: &Sameness, source: Source) -> String {
    let mut facets = vec![facet('s', same.severity.name()), facet('f', source.name())];
    let ids = [
        ('w', &same.workload_id),
        ('c', &same.container_id),
        ('o', &same.operation_id),
    ];
    for (letter, id) in ids {
        facets.extend(id.as_ref().map(|id| facet(letter, id)));
    }
    facets.join(" ")
}

/// What a line that was written before is to be compared by.
fn sameness(row: &Row) -> Sameness {
    Sameness {
        kind: row.kind.clone(),
        details: row.details.clone(),
        severity: severity_of(row.severity),
        workload_id: row.workload_id.clone(),
        container_id: row.container_id.clone(),
        proxy_id: row.proxy_id.clone(),
        operation_id: row.operation_id.clone(),
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
