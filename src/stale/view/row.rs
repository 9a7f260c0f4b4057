//! What every row says of a container: which it is, where it belongs, how much it holds.

use leptos::prelude::*;

use super::address::{Wish, key_of};
use super::shelf::Shelf;
use crate::i18n::*;
use crate::stale::model::StaleContainer;
use crate::ui::format::memory;
use crate::ui::unknown::Unknown;

/// Rows beyond these come when they are asked for: thousands make a page slow.
const FEW: usize = 200;

/// Those that are shown, of all that are wanted.
pub(super) fn shown_of(
    all: Memo<Vec<StaleContainer>>,
    wish: Memo<Wish>,
) -> Memo<Vec<StaleContainer>> {
    Memo::new(move |_| {
        let most = wish.with(|wish| if wish.every_row { usize::MAX } else { FEW });
        all.with(|all| all.iter().take(most).cloned().collect())
    })
}

/// A link to the rows that are not shown.
#[component]
pub(super) fn MoreRows(all: Memo<Vec<StaleContainer>>, wish: Memo<Wish>) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| all.with(Vec::len));
    let is_cut = move || count.get() > FEW && !wish.with(|wish| wish.every_row);
    let href = move || wish.with(|wish| wish.with("rows=all"));
    let words = move || t_string!(i18n, stale.show_all, count = count.get()).to_string();
    view! {
        <Show when=is_cut>
            <p class="turns">
                <a class="button" href=href data-noscroll="">
                    {words}
                </a>
            </p>
        </Show>
    }
}

/// A row is another where anything that it shows is; when it was looked at is not shown.
pub(super) fn row_key(one: &StaleContainer) -> StaleContainer {
    StaleContainer {
        looked_at: None,
        ..one.clone()
    }
}

/// Its name, and below it its image.
#[component]
pub(super) fn Name(name: String, image: String) -> impl IntoView {
    view! {
        <span class="who">
            <span class="who-name">{name}</span>
            <span class="who-image">{image}</span>
        </span>
    }
}

/// The app that it belongs to, where that has a page.
#[component]
pub(super) fn App(shelf: Shelf, one: StaleContainer) -> impl IntoView {
    let i18n = use_i18n();
    let title = match one.stage.as_str() {
        "default" => one.project.clone(),
        stage => format!("{} · {stage}", one.project),
    };
    let engine = Memo::new(move |_| shelf.lists.with(|lists| lists.engine_name(&one.engine_id)));
    let found = (!one.managed).then(|| {
        view! {
            <span class="who-image" title=move || t_string!(i18n, stale.discovered_what)>
                {t!(i18n, stale.discovered)}
            </span>
        }
    });
    let engine = move || {
        engine
            .get()
            .map(|name| view! { <span class="who-image">{name}</span> })
    };
    view! {
        <span class="who">
            <a href=format!("/apps/{}", one.workload_id)>{title}</a>
            {found}
            {engine}
        </span>
    }
}

/// Bytes that it wrote itself.
#[component]
pub(super) fn Size(bytes: Option<i64>) -> impl IntoView {
    let i18n = use_i18n();
    match bytes.and_then(|bytes| u64::try_from(bytes).ok()) {
        Some(bytes) => (move || memory(bytes, i18n.get_locale())).into_any(),
        None => view! { <Unknown reason=move || t_string!(i18n, stale.no_size)/> }.into_any(),
    }
}

/// What they hold together: "1.2 GiB", "at least 1.2 GiB" where some were not counted.
pub(super) fn sum_words(sizes: &[Option<i64>], locale: Locale) -> String {
    let known = sizes.iter().flatten();
    let sum: u64 = known.filter_map(|bytes| u64::try_from(*bytes).ok()).sum();
    let sum = memory(sum, locale);
    match sizes.iter().all(Option::is_some) {
        true => sum,
        false => td_string!(locale, stale.at_least, size = sum).to_string(),
    }
}

/// Links to the questions about one: to keep it, and to clean it up.
#[component]
pub(super) fn Acts(wish: Memo<Wish>, one: StaleContainer, is_stale: bool) -> impl IntoView {
    let i18n = use_i18n();
    let key = key_of(&one.docker_id);
    let (keep, plan) = wish.with_untracked(|wish| {
        (
            wish.with(&format!("keep={key}")),
            wish.with(&format!("plan={key}")),
        )
    });
    let (name, again) = (one.name.clone(), one.name);
    let clean = is_stale.then(|| {
        view! {
            <a class="button" href=plan data-noscroll="">
                {t!(i18n, stale.clean_up)}
                <span class="visually-hidden">" " {again}</span>
            </a>
        }
    });
    view! {
        <div class="buttons">
            <a class="button" href=keep data-noscroll="">
                {t!(i18n, stale.keep)}
                <span class="visually-hidden">" " {name}</span>
            </a>
            {clean}
        </div>
    }
}
