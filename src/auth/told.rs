//! What the event log says of sign-ins.

use super::model::SignedIn;
use super::store;
use super::visit::{Visit, network_of};
use crate::error::{AppError, Code};
use crate::events::act::record;
use crate::events::log::EventLog;
use crate::events::model::Happening;
use crate::server::context::part;
use crate::server::db::Db;

/// Tells how a sign-in went. What somebody typed as a name is told only where it is one: people type their
/// password there, too.
///
/// # Errors
/// `internal` where the database does not answer.
pub async fn sign_in(
    username: &str,
    code: Option<&str>,
    visit: &Visit,
    outcome: &Result<SignedIn, AppError>,
) -> Result<(), AppError> {
    let error = match outcome {
        Ok(signed_in) => {
            record(signed_in_as(&signed_in.user.username, visit)).await;
            return Ok(());
        }
        Err(error) => error.code,
    };
    let (db, log) = (part::<Db>()?, part::<EventLog>()?);
    let known = store::credentials(&db, username).await?;
    let username = known.map(|known| known.user.username);
    let address = network(visit);
    match error {
        Code::NotSignedIn => log.tell(Happening::SignInFailed { username, address }),
        // Whoever was only asked for a code has not failed.
        Code::SecondFactor if code.is_some_and(|code| !code.trim().is_empty()) => {
            log.tell(Happening::SignInFailed { username, address });
        }
        Code::TooMany => log.tell(Happening::LockedOut { username, address }),
        _ => {}
    }
    Ok(())
}

/// Somebody came back from the single sign-on provider and is not in. Whoever it was, nobody knows.
pub fn sign_on_failed(visit: &Visit) -> Happening {
    Happening::SignInFailed {
        username: None,
        address: network(visit),
    }
}

/// One network is one line, however many addresses it has.
fn network(visit: &Visit) -> Option<String> {
    let address = visit.address?;
    Some(network_of(address).to_string())
}

/// They are in.
pub fn signed_in_as(username: &str, visit: &Visit) -> Happening {
    Happening::SignedIn {
        username: username.to_owned(),
        address: visit.address.map(|address| address.to_string()),
    }
}

/// The first admin was made, by whoever had the setup token.
pub async fn first_admin(signed_in: &SignedIn) {
    let user = &signed_in.user;
    record(Happening::UserCreated {
        username: user.username.clone(),
        role: user.role.name().to_owned(),
        by: user.username.clone(),
    })
    .await;
}
