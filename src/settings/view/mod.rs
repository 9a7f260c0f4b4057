//! `/settings/general`: the numbers and names that hold for all of this installation.
//!
//! `form` for whoever may change them · `numbers` each with its words · `values` for everybody else

mod form;
mod numbers;
mod values;

use leptos::prelude::*;

use self::form::GeneralForm;
use self::values::Values;
use super::api::read_settings;
use crate::auth::model::{AuthState, Role};
use crate::error::AppError;
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

/// Where the page is.
pub const HERE: &str = "/settings/general";

/// The page; `session` says who looks, `may_change` which role gets the form.
#[component]
pub fn GeneralPage(
    session: Resource<Result<AuthState, AppError>>,
    may_change: fn(Role) -> bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let first = Resource::new(|| (), |()| read_settings());
    let page = move || {
        Suspend::new(async move {
            let user = session.await.ok().and_then(|state| state.user);
            let is_form = user.is_some_and(|user| may_change(user.role));
            match first.await {
                Ok(settings) if is_form => view! { <GeneralForm settings/> }.into_any(),
                Ok(settings) => view! { <Values settings/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, settings.general)/>
        <header class="page-head">
            <h1>{t!(i18n, settings.general)}</h1>
            <p class="muted">{t!(i18n, settings.general_intro)}</p>
        </header>
        <Suspense fallback=|| view! { <Skeleton shape=Shape::Card count=3/> }>{page}</Suspense>
    }
}
