//! The choice of how far back a chart looks; it stands in the address, so that it can be kept.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::i18n::*;
use crate::stats::model::Window;

/// Those that the page offers.
const OFFERED: [Window; 3] = [Window::HalfHour, Window::TwoHours, Window::SixHours];

/// The window that the address names; the shortest where it names none that is offered.
pub fn use_window() -> Memo<Window> {
    let query = use_query_map();
    Memo::new(move |_| {
        let named = query.with(|query| query.get("window").map(|name| Window::parse(&name)));
        let known = named.and_then(Result::ok);
        known
            .filter(|window| OFFERED.contains(window))
            .unwrap_or_default()
    })
}

/// One button for each window. Without JavaScript they send the form, which loads the same address.
#[component]
pub fn WindowChoice(window: Memo<Window>) -> impl IntoView {
    let i18n = use_i18n();
    let buttons = OFFERED
        .into_iter()
        .map(|offered| view! { <WindowButton offered window/> })
        .collect_view();
    view! {
        <form
            method="get"
            class="choice"
            role="group"
            aria-label=move || t_string!(i18n, stats.window)
        >
            {buttons}
        </form>
    }
}

#[component]
fn WindowButton(offered: Window, window: Memo<Window>) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let choose = move |event: MouseEvent| {
        event.prevent_default();
        let address = format!("{}?window={}", path.get_untracked(), offered.name());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&address, options);
    };
    let words = move || match offered {
        Window::TwoHours => t_string!(i18n, stats.window_2h),
        Window::SixHours => t_string!(i18n, stats.window_6h),
        _ => t_string!(i18n, stats.window_30m),
    };
    view! {
        <button
            name="window"
            value=offered.name()
            aria-pressed=move || (window.get() == offered).to_string()
            on:click=choose
        >
            {words}
        </button>
    }
}
