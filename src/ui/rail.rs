//! The places that one can go to: a rail beside a wide page, a bar below a narrow one.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::Icon;
use super::preference;
use crate::i18n::*;

/// One place of the product.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub href: &'static str,
    pub icon: &'static str,
    pub name: fn(Locale) -> &'static str,
}

impl Place {
    /// Whether the page at `path` is this place or lies below it.
    pub fn holds(&self, path: &str) -> bool {
        path.strip_prefix(self.href)
            .is_some_and(|rest| rest.is_empty() || (self.href != "/" && rest.starts_with('/')))
    }
}

/// A figure at one of the places, there while it is not 0.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    /// The place's.
    pub href: &'static str,
    pub count: Signal<i64>,
    /// What readers hear in its stead.
    pub words: fn(Locale, i64) -> String,
}

/// More than this is not told apart, for there is no room.
const MOST_TOLD: i64 = 999;

/// The navigation. Its width is remembered.
#[component]
pub fn Rail(places: &'static [Place], tally: Tally) -> impl IntoView {
    let i18n = use_i18n();
    let links = places
        .iter()
        .map(|place| {
            let name = move || (place.name)(i18n.get_locale());
            let figure = (place.href == tally.href).then(|| view! { <Figure tally/> });
            view! {
                <li>
                    <A href=place.href exact=place.href == "/" {..} title=name>
                        <Icon name=place.icon/>
                        <span class="place-name">{name}</span>
                        {figure}
                    </A>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="rail" aria-label=move || t_string!(i18n, ui.navigation)>
            <Brand/>
            <ul class="places">{links}</ul>
            <RailToggle/>
        </nav>
    }
}

#[component]
fn Figure(tally: Tally) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || match tally.count.get() {
        count if count > MOST_TOLD => format!("{MOST_TOLD}+"),
        count => count.to_string(),
    };
    let words = move || (tally.words)(i18n.get_locale(), tally.count.get());
    view! {
        <Show when=move || tally.count.get() != 0>
            <span class="place-tally">
                <span aria-hidden="true">{shown}</span>
                <span class="visually-hidden">{words}</span>
            </span>
        </Show>
    }
}

/// The product's mark, which leads home.
#[component]
pub fn Brand() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a class="brand" href="/">
            <img src="/favicon.svg" alt="" width="24" height="24"/>
            <span class="brand-name">{t!(i18n, ui.product)}</span>
        </a>
    }
}

#[component]
fn RailToggle() -> impl IntoView {
    let i18n = use_i18n();
    let closed = RwSignal::new(preference::rail_is_closed());
    let toggle = move |_| {
        closed.update(|closed| *closed = !*closed);
        preference::close_rail(closed.get_untracked());
    };
    let words = move || {
        if closed.get() {
            t_string!(i18n, ui.rail_open)
        } else {
            t_string!(i18n, ui.rail_close)
        }
    };
    view! {
        <button
            type="button"
            class="button button-icon rail-toggle needs-script"
            aria-expanded=move || (!closed.get()).to_string()
            title=words
            on:click=toggle
        >
            <Icon name="panel-left"/>
            <span class="rail-word">{words}</span>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_place_above_it_and_home_holds_only_itself() {
        let place = |href| Place {
            href,
            icon: "",
            name: |_| "",
        };
        assert!(place("/apps").holds("/apps"));
        assert!(place("/apps").holds("/apps/1"));
        assert!(!place("/apps").holds("/appstore"));
        assert!(place("/").holds("/"));
        assert!(!place("/").holds("/apps"));
    }
}
