//! `/settings/users`: who may come in.
//!
//! `add` · `change` role, password and second factor of one · `remove` · `table`

mod add;
mod change;
mod remove;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::add::AddUser;
use self::change::ChangeUserDialog;
use self::remove::RemoveUserDialog;
use self::table::Table;
use super::api::list_users;
use super::model::Account;
use crate::auth::view::session::use_session;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::listing::Listing;
use crate::ui::not_allowed::NotAllowed;
use crate::ui::page_title::PageTitle;
use crate::ui::said::Said;
use crate::ui::skeleton::{Shape, Skeleton};

/// Where the page is.
pub const HERE: &str = "/settings/users";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct People {
    listing: Listing<Account>,
    /// What came of the last act.
    said: RwSignal<Option<String>>,
    /// Who looks at the page.
    me: StoredValue<Option<String>>,
    /// Whether people can come in by single sign-on.
    sign_on: bool,
}

impl People {
    fn is_last_admin(self, account: &Account) -> bool {
        let rows = self.listing.rows.read();
        account.is_last_admin(&rows, self.sign_on)
    }

    fn is_me(self, account: &Account) -> bool {
        self.me
            .with_value(|me| me.as_deref() == Some(account.id.as_str()))
    }

    /// Whom the address names after `key`.
    fn named(self, key: &'static str) -> Memo<Option<Account>> {
        let query = use_query_map();
        Memo::new(move |_| {
            let query = query.read();
            let id = query.get_str(key)?;
            let rows = self.listing.rows.read();
            rows.iter().find(|account| account.id == id).cloned()
        })
    }
}

/// The page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let first = Resource::new(|| (), |()| list_users());
    let page = move || {
        Suspend::new(async move {
            let state = session.state.await.ok();
            let sign_on = state.as_ref().is_some_and(|state| state.oidc.is_some());
            let me = state.and_then(|state| state.user).map(|me| me.id);
            match first.await {
                Ok(accounts) => view! { <Users accounts me sign_on/> }.into_any(),
                Err(error) if error.code == Code::Forbidden => view! { <NotAllowed/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, access.users)/>
        <Suspense fallback=|| view! { <Skeleton shape=Shape::Row count=4/> }>{page}</Suspense>
    }
}

#[component]
fn Users(accounts: Vec<Account>, me: Option<String>, sign_on: bool) -> impl IntoView {
    let i18n = use_i18n();
    let people = People {
        listing: Listing::new(accounts, list_users),
        said: RwSignal::new(None),
        me: StoredValue::new(me),
        sign_on,
    };
    let (changed, removed) = (people.named("change"), people.named("remove"));
    let trouble = move || {
        let error = people.listing.trouble.get()?;
        Some(view! { <ErrorState error/> })
    };
    view! {
        <header class="page-head">
            <h1>{t!(i18n, access.users)}</h1>
            <p class="muted">{t!(i18n, access.users_intro)}</p>
        </header>
        <Said text=people.said/>
        {move || changed.get().map(|account| view! { <ChangeUserDialog people account/> })}
        {move || removed.get().map(|account| view! { <RemoveUserDialog people account/> })}
        {trouble}
        <Table people/>
        <AddUser people/>
    }
}
