//! Whose user it is: known by issuer and subject alone. A name or an address proves nothing, since the
//! provider lets people change them, and can give them to others.

use super::claims::numbered;
use super::store;
use crate::auth::model::{Role, User};
use crate::auth::tokens;
use crate::auth::users;
use crate::auth::users::doer::Doer;
use crate::auth::users::told;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

/// How many numbers are tried for a name that is taken, before it gets a random one.
const NUMBERS: usize = 50;

/// Somebody whom a provider vouches for.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    /// What a new user is called, or nearly so.
    pub name: &'a str,
    /// `None`: the provider does not decide about it, and whoever is new is a viewer.
    pub role: Option<Role>,
}

/// The user of a person, made at the first sign-in. The role follows the provider, and another one ends
/// the sessions of before and the API tokens that may more; but the last admin stays one. The event log is
/// told as it is where an admin does the same.
///
/// # Errors
/// `internal` where the database does not answer, here and below.
pub async fn admit(db: &Db, clock: &Clock, person: &Person<'_>) -> Result<User, AppError> {
    let provider = Doer::provider(person.issuer, clock);
    let mut transaction = db.begin().await?;
    let Some(mut user) = store::find(&mut transaction, person.issuer, person.subject).await? else {
        let mut name = person.name.to_owned();
        let mut tries = 1;
        while store::is_taken(&mut transaction, &name).await? {
            tries += 1;
            let number = match tries {
                ..NUMBERS => tries,
                _ => usize::from(rand::random::<u16>()) + NUMBERS,
            };
            name = numbered(person.name, number);
        }
        let user = User {
            id: new_id(),
            username: name,
            role: person.role.unwrap_or(Role::Viewer),
        };
        let (issuer, subject) = (person.issuer, person.subject);
        store::add(&mut transaction, &user, issuer, subject, provider.now).await?;
        let joined = told::joined(&user, provider.name);
        provider.tell(&mut transaction, joined).await?;
        transaction.commit().await?;
        tracing::info!(
            username = user.username,
            role = user.role.name(),
            issuer = person.issuer,
            "a user was made at a first sign-on"
        );
        return Ok(user);
    };
    let Some(role) = person.role.filter(|role| *role != user.role) else {
        return Ok(user);
    };
    let is_admin = user.role == Role::Admin;
    if is_admin && !users::store::another_admin(&mut transaction, &user.id).await? {
        tracing::warn!(
            username = user.username,
            "the sign-on provider takes the role of admin away; the last admin keeps it"
        );
        return Ok(user);
    }
    let changed = told::given_role(&user, role, provider.name);
    provider.tell(&mut transaction, changed).await?;
    let ended = users::store::set_role(&mut transaction, &user.id, role).await?;
    provider.tell_of_tokens(&mut transaction, ended).await?;
    users::store::end_sessions(&mut transaction, &user.id).await?;
    transaction.commit().await?;
    tracing::info!(
        username = user.username,
        role = role.name(),
        "the sign-on provider gave a user another role"
    );
    user.role = role;
    Ok(user)
}

/// Ends the sessions and the API tokens of somebody whom the provider no longer lets in: a token must not
/// outlast what its maker was.
///
/// # Errors
/// See [`admit`].
pub async fn turn_away(
    db: &Db,
    clock: &Clock,
    issuer: &str,
    subject: &str,
) -> Result<(), AppError> {
    let provider = Doer::provider(issuer, clock);
    let mut transaction = db.begin().await?;
    if let Some(user) = store::find(&mut transaction, issuer, subject).await? {
        users::store::end_sessions(&mut transaction, &user.id).await?;
        let ended = tokens::store::delete_of(&mut transaction, &user.id).await?;
        provider.tell_of_tokens(&mut transaction, ended).await?;
        transaction.commit().await?;
        tracing::info!(
            username = user.username,
            "the sign-on provider no longer lets a user in"
        );
    }
    Ok(())
}
