//! `/events`: the log, the newest first, narrowed by its address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::drawer::use_named;
use super::filters::Filters;
use super::ledger::Bounds;
use super::log::Log;
use super::marks::marks;
use super::names::{KnownNames, ReadNames};
use super::parts::read;
use crate::error::AppError;
use crate::events::model::cursor::Cursor;
use crate::events::model::{Event, EventPage, Wish};
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::icon::Icon;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

/// Where the page is.
pub const HERE: &str = "/events";

pub(super) const BOUNDS: Bounds = Bounds {
    part: 50,
    most: 500,
    waits: true,
};

/// A span of time that the page offers.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// As the address has it.
    pub name: &'static str,
    pub word: fn(Locale) -> &'static str,
}

pub(super) const SPANS: [Span; 3] = [
    Span {
        name: "1h",
        word: |it| td_string!(it, events.last_hour),
    },
    Span {
        name: "24h",
        word: |it| td_string!(it, events.last_day),
    },
    Span {
        name: "7d",
        word: |it| td_string!(it, events.last_week),
    },
];

/// What the page shows at first; all of it was read together.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct First {
    pub page: EventPage,
    /// The line that the address names, where it is not among the others.
    pub linked: Option<Event>,
    pub names: KnownNames,
}

impl First {
    async fn read(wish: Wish, named: Option<String>, names: ReadNames) -> Result<Self, AppError> {
        let page = read(&wish, BOUNDS.part).await?;
        let is_shown = |id: &String| page.items.iter().any(|event| event.id == *id);
        let linked = match named.filter(|id| !is_shown(id)) {
            Some(id) => read_one(&id).await?,
            None => None,
        };
        let names = names().await;
        Ok(Self {
            page,
            linked,
            names,
        })
    }
}

/// The line with this id, which is the newest of those that are not newer.
async fn read_one(id: &str) -> Result<Option<Event>, AppError> {
    let Ok(Cursor { at, number }) = id.parse() else {
        return Ok(None);
    };
    let next = Cursor {
        at,
        number: number + 1,
    };
    let page = read(&Wish::default().before(next.to_string()), 1).await?;
    Ok(page.items.into_iter().find(|event| event.id == id))
}

/// The page. `names` reads what apps are called.
#[component]
pub fn EventsPage(names: ReadNames) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let wish = Memo::new(move |_| {
        query.with(|query| Wish::read(query.into_iter().map(|(key, value)| (key.as_ref(), value))))
    });
    let named = use_named();
    let first = Resource::new(
        move || wish.get(),
        move |wish| First::read(wish, named.get_untracked(), names),
    );
    let log = move || {
        Suspend::new(async move {
            let first_read = first.await;
            let wish = wish.get_untracked();
            match first_read {
                Ok(first) => view! { <Log wish first names/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { {marks(&wish)} <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, events.title)/>
        <div class="page">
            <header class="page-head log-head">
                <h1>{t!(i18n, events.title)}</h1>
                <Export wish/>
            </header>
            <Filters wish/>
            <Transition fallback=|| view! { <Skeleton shape=Shape::Row count=8/> }>{log}</Transition>
        </div>
    }
}

/// Links to all lines that are wanted, however many, as files.
#[component]
fn Export(wish: Memo<Wish>) -> impl IntoView {
    let i18n = use_i18n();
    let links = ["csv", "ndjson"].map(|format| {
        let href = move || {
            let all = wish.with(|wish| wish.without("before").address("/api/events/export"));
            let mark = if all.contains('?') { '&' } else { '?' };
            format!("{all}{mark}format={format}")
        };
        view! {
            <a class="button" href=href download="" rel="external">
                <Icon name="download"/>
                <span class="visually-hidden">{t!(i18n, events.export)}</span>
                {format.to_uppercase()}
            </a>
        }
    });
    view! { <div class="buttons">{links}</div> }
}
