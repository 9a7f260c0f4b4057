//! What a listener that comes back missed: exactly that, or the word that it cannot be had.

use std::collections::VecDeque;

use super::model::cursor::Cursor;
use super::store::read;
use super::store::row::Row;
use crate::server::db::Db;

/// Lines that are read at a time.
const BATCH: i64 = 200;

/// Lines that are told one by one; whoever missed more reads again what it shows.
const MOST: i64 = 5000;

/// The way from where a listener left off to now.
pub struct Resume {
    db: Db,
    /// The number of the last change that it knows of.
    heard: i64,
    ahead: VecDeque<Row>,
    told: i64,
}

/// The next thing on that way.
#[derive(Debug)]
pub enum Step {
    Line(Cursor, Box<Row>),
    /// So many numbers were given since; what they were for cannot be told one by one. What comes after the
    /// end, which is not known where the database does not answer, can.
    Lost {
        missed: i64,
        end: Option<Cursor>,
    },
}

/// The end of the log, for a listener that begins there.
///
/// # Errors
/// Where the database does not answer.
pub async fn end(db: &Db) -> Result<Cursor, sqlx::Error> {
    let numbers = read::numbers(db).await?;
    place(db, numbers.last).await
}

/// The place of this number. The line that has it may be pruned, and then its time is not known; nobody goes
/// on by the time.
async fn place(db: &Db, number: i64) -> Result<Cursor, sqlx::Error> {
    let rows = read::written_after(db, number - 1, 1).await?;
    let at = rows.first().map_or(0, |row| row.cursor().at);
    Ok(Cursor { at, number })
}

impl Resume {
    /// From after this cursor.
    pub fn after(db: Db, cursor: Cursor) -> Self {
        Self {
            db,
            heard: cursor.number,
            ahead: VecDeque::new(),
            told: 0,
        }
    }

    /// The next step; `None` once all that is in the log was told.
    pub async fn next(&mut self) -> Option<Step> {
        if self.ahead.is_empty() {
            match self.read_on().await {
                Ok(Some(lost)) => return Some(lost),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "what a listener missed cannot be read");
                    return Some(Step::Lost {
                        missed: 0,
                        end: None,
                    });
                }
            }
        }
        let row = self.ahead.pop_front()?;
        self.heard = row.revision;
        self.told += 1;
        Some(Step::Line(row.cursor(), Box::new(row)))
    }

    /// Reads the next lines, or answers how much is lost.
    async fn read_on(&mut self) -> Result<Option<Step>, sqlx::Error> {
        let numbers = read::numbers(&self.db).await?;
        let known = numbers.oldest..=numbers.last;
        let missing = numbers.last - self.heard;
        // A number that was never given is of a log that this one replaced.
        if !known.contains(&self.heard) || missing + self.told > MOST {
            return Ok(Some(Step::Lost {
                missed: missing.max(0),
                end: Some(place(&self.db, numbers.last).await?),
            }));
        }
        let rows = read::written_after(&self.db, self.heard, BATCH).await?;
        self.ahead = rows.into();
        Ok(None)
    }
}
