//! `/settings/sign-on`: through which provider people come in.
//!
//! `status` whether it answers · `register` what it has to know of us · `form` what we know of it · `secret`
//! ours with it · `fixed` what the environment says

mod fixed;
mod form;
mod register;
mod secret;
mod status;

use leptos::prelude::*;

use self::fixed::Fixed;
use self::form::ProviderForm;
use self::register::Register;
use self::secret::{ClientSecret, TurnOff};
use self::status::Status;
use super::api::read_sign_on;
use super::model::SignOnState;
use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::settings::api::ChangeSettings;
use crate::ui::error_state::ErrorState;
use crate::ui::listing::Listing;
use crate::ui::not_allowed::NotAllowed;
use crate::ui::outcome::outcome;
use crate::ui::page_title::PageTitle;
use crate::ui::said::{Said, saved};
use crate::ui::skeleton::{Shape, Skeleton};

/// Where the page is.
pub const HERE: &str = "/settings/sign-on";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// One row: what the server says.
    state: Listing<SignOnState>,
    /// All forms of the page change the settings.
    change: ServerAction<ChangeSettings>,
    failure: Signal<Option<AppError>>,
}

impl Desk {
    fn now(self) -> SignOnState {
        self.state
            .rows
            .with(|rows| rows.first().cloned())
            .unwrap_or_default()
    }

    fn has(self, what: fn(&SignOnState) -> bool) -> Memo<bool> {
        Memo::new(move |_| what(&self.now()))
    }
}

async fn read() -> Result<Vec<SignOnState>, AppError> {
    Ok(vec![read_sign_on().await?])
}

/// The page.
#[component]
pub fn SignOnPage() -> impl IntoView {
    let i18n = use_i18n();
    let first = Resource::new(|| (), |()| read_sign_on());
    let page = move || {
        Suspend::new(async move {
            match first.await {
                Ok(state) => view! { <SignOnSettings state/> }.into_any(),
                Err(error) if error.code == Code::Forbidden => view! { <NotAllowed/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, settings.sign_on)/>
        <Suspense fallback=|| view! { <Skeleton shape=Shape::Card count=2/> }>{page}</Suspense>
    }
}

#[component]
fn SignOnSettings(state: SignOnState) -> impl IntoView {
    let i18n = use_i18n();
    let listing = Listing::new(vec![state.clone()], read);
    let change = ServerAction::<ChangeSettings>::new();
    let failure = outcome(change, move |_| listing.read_again());
    let desk = Desk {
        state: listing,
        change,
        failure,
    };
    let said = saved(change, move || t_string!(i18n, settings.saved));
    let trouble = move || {
        let error = listing.trouble.get()?;
        Some(view! { <ErrorState error/> })
    };
    let provider = if state.is_fixed {
        view! { <Fixed state/> }.into_any()
    } else {
        view! { <ProviderForm desk state/> }.into_any()
    };
    let has_secret = desk.has(|state| state.has_client_secret && !state.is_fixed);
    let can_end = desk.has(|state| state.issuer.is_some() && !state.is_fixed);
    view! {
        <header class="page-head">
            <h1>{t!(i18n, settings.sign_on)}</h1>
            <p class="muted">{t!(i18n, settings.sign_on_intro)}</p>
        </header>
        <Said text=said/>
        {trouble}
        <Status desk/>
        <div class="cards">
            {provider}
            <div class="column">
                <Register desk/>
                <Show when=move || has_secret.get()>
                    <ClientSecret desk/>
                </Show>
                <Show when=move || can_end.get()>
                    <TurnOff desk/>
                </Show>
            </div>
        </div>
    }
}
