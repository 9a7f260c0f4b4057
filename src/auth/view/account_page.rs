//! `/account`: who one is here, one's password, second factor and sessions.

use leptos::prelude::*;

use super::new_password::NewPassword;
use super::role::role_word;
use super::session::use_session;
use crate::auth::api::ChangePassword;
use crate::auth::model::User;
use crate::auth::second_factor::api::read_second_factor;
use crate::auth::second_factor::model::SecondFactor;
use crate::auth::second_factor::view::SecondFactorCard;
use crate::auth::sessions::api::list_sessions;
use crate::auth::sessions::model::Session;
use crate::auth::sessions::view::SessionsCard;
use crate::error::AppError;
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

async fn read() -> Result<(SecondFactor, Vec<Session>), AppError> {
    Ok((read_second_factor().await?, list_sessions().await?))
}

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let first = Resource::new(|| (), |()| read());
    let page = move || {
        Suspend::new(async move {
            let user = session.state.await.map(|state| state.user);
            match (user, first.await) {
                (Ok(Some(user)), Ok((factor, sessions))) => {
                    view! { <Account user factor sessions/> }.into_any()
                }
                (Ok(None), Ok(_)) => {
                    view! { <ErrorState error=AppError::not_signed_in()/> }.into_any()
                }
                (Err(error), _) | (_, Err(error)) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, access.account_title)/>
        <div class="page">
            <header class="page-head"><h1>{t!(i18n, access.account_title)}</h1></header>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Card count=3/> }>{page}</Suspense>
        </div>
    }
}

#[component]
fn Account(user: User, factor: SecondFactor, sessions: Vec<Session>) -> impl IntoView {
    let i18n = use_i18n();
    let change = ServerAction::<ChangePassword>::new();
    let has_password = factor.has_password;
    let role = user.role;
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, access.name)}</dt>
                <dd>{user.username.clone()}</dd>
            </div>
            <div>
                <dt>{t!(i18n, access.role)}</dt>
                <dd>{move || role_word(role, i18n.get_locale())}</dd>
            </div>
        </dl>
        <div class="cards">
            <Show when=move || has_password>
                <NewPassword change username=user.username.clone()/>
            </Show>
            <SecondFactorCard first=factor/>
        </div>
        <SessionsCard first=sessions change/>
    }
}
