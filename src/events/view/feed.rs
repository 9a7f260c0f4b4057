//! The latest few lines of the log, of everything or of one app, and a way to the others.

use leptos::prelude::*;

use super::ledger::{Bounds, Ledger};
use super::list::List;
use super::page::HERE;
use super::parts::read;
use super::row::Way;
use crate::events::model::{EventPage, Wish};
use crate::events::view::drawer::opening;
use crate::events::view::names::Names;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::error_state::ErrorState;
use crate::ui::skeleton::{Shape, Skeleton};

/// Lines that are shown.
const FEW: Bounds = Bounds {
    part: 5,
    most: 5,
    waits: false,
};

/// The card; of the app with the id `workload` where there is one.
#[component]
pub fn Feed(#[prop(optional)] workload: Option<String>, names: Names) -> impl IntoView {
    let i18n = use_i18n();
    provide_context(names);
    let wish = match workload {
        Some(id) => Wish::default().with("workload", id),
        None => Wish::default(),
    };
    let all = wish.address(HERE);
    let asked = wish.clone();
    let first = Resource::new(
        || (),
        move |()| {
            let wish = asked.clone();
            async move { read(&wish, FEW.part).await }
        },
    );
    let latest = move || {
        let wish = wish.clone();
        Suspend::new(async move {
            match first.await {
                Ok(page) => view! { <Latest wish page/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <Card
            title=move || t_string!(i18n, events.latest)
            class="feed"
            aside=move || view! { <a href=all>{t!(i18n, events.all)}</a> }
        >
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Row count=3/> }>{latest}</Suspense>
        </Card>
    }
}

#[component]
fn Latest(wish: Wish, page: EventPage) -> impl IntoView {
    let i18n = use_i18n();
    let address = wish.address(HERE);
    let ledger = Ledger::follow(wish, page, FEW);
    let is_empty = ledger.is_empty();
    let way = move |id: &str| Way::Sentence(opening(&address, id));
    view! {
        <Show when=move || is_empty.get()>
            <p class="muted">{t!(i18n, events.nothing_yet)}</p>
        </Show>
        <List ledger way/>
    }
}
