//! `/settings/tokens`: what programs come in with.
//!
//! `make` a new one and its secret · `remove` · `table`

mod make;
mod remove;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::make::MakeToken;
use self::remove::RemoveTokenDialog;
use self::table::Table;
use super::api::list_tokens;
use super::model::ApiToken;
use crate::auth::policy::{Act, allows};
use crate::auth::view::session::use_session;
use crate::i18n::*;
use crate::ui::empty::EmptyState;
use crate::ui::error_state::ErrorState;
use crate::ui::listing::Listing;
use crate::ui::page_title::PageTitle;
use crate::ui::said::Said;
use crate::ui::skeleton::{Shape, Skeleton};

/// Where the page is.
pub const HERE: &str = "/settings/tokens";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Ring {
    listing: Listing<ApiToken>,
    /// What came of the last act.
    said: RwSignal<Option<String>>,
    /// Whether whoever looks may make tokens and take them back.
    is_keeper: bool,
}

/// The page.
#[component]
pub fn TokensPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let first = Resource::new(|| (), |()| list_tokens());
    let page = move || {
        Suspend::new(async move {
            let user = session.state.await.ok().and_then(|state| state.user);
            let is_keeper = user.is_some_and(|user| allows(user.role, Act::ManageAccess));
            match first.await {
                Ok(tokens) => view! { <Tokens tokens is_keeper/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, access.tokens)/>
        <header class="page-head">
            <h1>{t!(i18n, access.tokens)}</h1>
            <p class="muted">{t!(i18n, access.tokens_intro)}</p>
        </header>
        <Suspense fallback=|| view! { <Skeleton shape=Shape::Row count=4/> }>{page}</Suspense>
    }
}

#[component]
fn Tokens(tokens: Vec<ApiToken>, is_keeper: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ring = Ring {
        listing: Listing::new(tokens, list_tokens),
        said: RwSignal::new(None),
        is_keeper,
    };
    let query = use_query_map();
    let removed = Memo::new(move |_| {
        let query = query.read();
        let id = query.get_str("remove").filter(|_| is_keeper)?;
        let rows = ring.listing.rows.read();
        rows.iter().find(|token| token.id == id).cloned()
    });
    let trouble = move || {
        let error = ring.listing.trouble.get()?;
        Some(view! { <ErrorState error/> })
    };
    let is_empty = Memo::new(move |_| ring.listing.rows.read().is_empty());
    let list = move || {
        if !is_empty.get() {
            return view! { <Table ring/> }.into_any();
        }
        view! {
            <EmptyState icon="key-round" title=move || t_string!(i18n, access.no_tokens)>
                <p>{t!(i18n, access.no_tokens_do)}</p>
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Said text=ring.said/>
        {move || removed.get().map(|token| view! { <RemoveTokenDialog ring token/> })}
        {trouble}
        {list}
        {is_keeper.then(|| view! { <MakeToken ring/> })}
    }
}
