//! Who changes people: somebody who sent a request, a sign-on provider, or the command line.

use sqlx::{Sqlite, Transaction};

use crate::auth::model::User;
use crate::auth::sign_on::keeper::SignOn;
use crate::auth::tokens;
use crate::error::AppError;
use crate::events::act::operation;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;
use crate::server::clock::Clock;
use crate::server::context::part;
use crate::server::db::new_id;

/// Who does it, and what they do it with.
#[derive(Clone, Debug)]
pub struct Doer<'a> {
    /// The id of a user or an API token, which has to be an admin's still when it is done. `None`: the
    /// command line, which whoever has the data folder may use, or the sign-on provider.
    pub id: Option<&'a str>,
    /// As the event log says it.
    pub name: &'a str,
    /// Whether people can come in by single sign-on; the command line does not know that.
    pub sign_on: bool,
    /// In Unix milliseconds.
    pub now: i64,
    /// What the request sets off, as the event log knows it.
    pub operation: Option<String>,
}

impl<'a> Doer<'a> {
    /// Whoever sent the request at hand.
    ///
    /// # Errors
    /// `internal` where the database does not answer.
    pub async fn of_request(user: &'a User) -> Result<Doer<'a>, AppError> {
        Ok(Self {
            id: Some(&user.id),
            name: &user.username,
            now: part::<Clock>()?.millis(),
            operation: operation(),
            sign_on: part::<SignOn>()?.shown().await?.is_some(),
        })
    }

    /// Whoever has the data folder.
    pub fn command_line(clock: &Clock) -> Self {
        Self {
            id: None,
            name: "command line",
            sign_on: false,
            now: clock.millis(),
            operation: None,
        }
    }

    /// The sign-on provider `issuer`, whose word decides about those whom it knows. All that it changes at one
    /// sign-on is one operation.
    pub fn provider(issuer: &'a str, clock: &Clock) -> Self {
        Self {
            id: None,
            name: issuer,
            sign_on: true,
            now: clock.millis(),
            operation: Some(new_id()),
        }
    }

    /// Leaves for the event log what this transaction does, so that neither is ever there without the other.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn tell(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        happening: Happening,
    ) -> Result<(), sqlx::Error> {
        let report = Report::from(happening).within(self.operation.clone());
        outbox::leave(transaction, &report, self.now).await
    }

    /// Leaves for the event log that these API tokens ended with what their maker was.
    ///
    /// # Errors
    /// See [`Doer::tell`].
    pub async fn tell_of_tokens(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        ended: Vec<String>,
    ) -> Result<(), sqlx::Error> {
        for name in ended {
            let removed = tokens::told::removed(name, self.name);
            self.tell(transaction, removed).await?;
        }
        Ok(())
    }
}
