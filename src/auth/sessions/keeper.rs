//! Opening a session, recognising it, and ending it.

use std::net::IpAddr;

use chrono::Duration;

use super::model::Session;
use super::signer::{Claims, Signer};
use super::store::{self, NewSession, Proven};
use crate::auth::model::{SignedIn, User};
use crate::auth::visit::{Visit, network_of};
use crate::error::AppError;
use crate::events::model::Happening;
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

/// A session is over this long after its sign-in, used or not.
pub const LIFETIME: Duration = Duration::days(30);

/// A session is over when it was not used for this long.
pub const IDLE: Duration = Duration::days(7);

/// How exactly the last use is kept: writing it down at each request would be a write for each read.
const TOUCH: Duration = Duration::minutes(1);

/// A cheap handle on the sessions.
#[derive(Clone, Debug)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    signer: Signer,
}

impl Sessions {
    pub fn new(db: Db, clock: Clock, signer: Signer) -> Self {
        Self { db, clock, signer }
    }

    /// Opens a session under a new id and answers its token, with the role that `user` has by now; `None`
    /// where what was proven holds no longer.
    ///
    /// # Errors
    /// `internal` where the database does not answer, here and below.
    pub async fn open(
        &self,
        user: User,
        visit: &Visit,
        proven: Proven<'_>,
    ) -> Result<Option<SignedIn>, AppError> {
        let id = new_id();
        let now = self.clock.now();
        let expires_at = now + LIFETIME;
        let session = NewSession {
            id: &id,
            user_id: &user.id,
            now: now.timestamp_millis(),
            expires_at: expires_at.timestamp_millis(),
            address: visit.address.map(|address| address.to_string()),
            agent: visit.agent.as_deref(),
            proven,
        };
        let Some(role) = store::add(&self.db, &session).await? else {
            return Ok(None);
        };
        let claims = Claims::new(&user.id, &id, now.timestamp(), expires_at.timestamp());
        Ok(Some(SignedIn {
            token: self.signer.sign(&claims)?,
            expires_at,
            user: User { role, ..user },
        }))
    }

    /// As [`Sessions::open`], for somebody whom the provider `issuer` vouches for.
    ///
    /// # Errors
    /// `not_signed_in` where they were removed meanwhile.
    pub async fn open_signed_on(
        &self,
        user: User,
        visit: &Visit,
        issuer: &str,
    ) -> Result<SignedIn, AppError> {
        let opened = self.open(user, visit, Proven::SignedOn(issuer)).await?;
        opened.ok_or_else(AppError::not_signed_in)
    }

    /// The issuer whose sign-on opened a session; `None` for one that a password opened.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn signed_on(&self, id: &str) -> Result<Option<String>, AppError> {
        Ok(store::signed_on(&self.db, id).await?)
    }

    /// Whose session a token names, and its id; `None` where it was never ours, or is over.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn recognise(&self, token: &str) -> Result<Option<(User, String)>, AppError> {
        let Some(claims) = self.signer.verify(token) else {
            return Ok(None);
        };
        let now = self.clock.millis();
        let found = store::find(&self.db, &claims.sid, &claims.sub, now, self.idle_since()).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        if now - found.last_seen_at >= TOUCH.num_milliseconds() {
            self.touch(std::slice::from_ref(&claims.sid)).await?;
        }
        Ok(Some((found.user, claims.sid)))
    }

    /// Notes that these are in use, unless that was noted within the last minute.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn touch(&self, ids: &[String]) -> Result<(), AppError> {
        let now = self.clock.millis();
        let ids = serde_json::to_string(ids).map_err(AppError::internal)?;
        Ok(store::touch(&self.db, &ids, now, now - TOUCH.num_milliseconds()).await?)
    }

    /// The sessions of `user`; `current` is the one that asks.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn list(&self, user: &User, current: &str) -> Result<Vec<Session>, AppError> {
        let (now, idle_since) = (self.clock.millis(), self.idle_since());
        Ok(store::list(&self.db, &user.id, current, now, idle_since).await?)
    }

    /// Ends one session of `user`.
    ///
    /// # Errors
    /// `not_found` where it is not theirs or already over.
    pub async fn end(&self, user: &User, id: &str) -> Result<(), AppError> {
        if store::delete(&self.db, id, &user.id).await? {
            Ok(())
        } else {
            Err(AppError::not_found("session"))
        }
    }

    /// Ends a session, whoever's it is; it may be over already.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn forget(&self, id: &str) -> Result<(), AppError> {
        Ok(store::forget(&self.db, id).await?)
    }

    /// Ends all sessions of `user` but the one that asks.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn end_others(&self, user: &User, current: &str) -> Result<u64, AppError> {
        Ok(store::delete_others(&self.db, &user.id, current).await?)
    }

    /// Whether somebody of this name is signed in from the network that this visit comes from: within an
    /// IPv6 one, devices change their addresses all the time.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn is_familiar(&self, username: &str, visit: &Visit) -> Result<bool, AppError> {
        let Some(here) = visit.address.map(network_of) else {
            return Ok(false);
        };
        let known = store::addresses(&self.db, username).await?;
        let mut known = known
            .iter()
            .filter_map(|known| known.parse::<IpAddr>().ok());
        Ok(known.any(|known| network_of(known) == here))
    }

    /// Which of these ids, of sessions and API tokens, are still good.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn still_good(&self, ids: &[String]) -> Result<Vec<String>, AppError> {
        let ids = serde_json::to_string(ids).map_err(AppError::internal)?;
        let (now, idle_since) = (self.clock.millis(), self.idle_since());
        Ok(store::still_good(&self.db, &ids, now, idle_since).await?)
    }

    /// Removes those that are over; answers how many.
    ///
    /// # Errors
    /// See [`Sessions::open`].
    pub async fn remove_over(&self) -> Result<u64, AppError> {
        let (now, idle_since) = (self.clock.millis(), self.idle_since());
        Ok(store::delete_over(&self.db, now, idle_since).await?)
    }

    fn idle_since(&self) -> i64 {
        self.clock.millis() - IDLE.num_milliseconds()
    }
}

/// What the event log says of somebody who ended sessions of their own.
pub fn told(user: &User) -> Happening {
    Happening::SessionsEnded {
        username: user.username.clone(),
        by: user.username.clone(),
    }
}
