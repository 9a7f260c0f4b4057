//! New recovery codes, shown once: to be copied or saved before one goes on.

use leptos::html;
use leptos::prelude::*;

use super::Stage;
use crate::i18n::*;
use crate::ui::icon::Icon;
use crate::ui::secret::CopyButton;

#[component]
pub fn Codes(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let codes = stage.codes.get_untracked().unwrap_or_default();
    let text = codes.join("\n");
    // Letters, digits and dashes stand in an address as they are.
    let file = format!("data:text/plain;charset=utf-8,{}", codes.join("%0A"));
    let kept = RwSignal::new(false);
    let done = move |_| {
        stage.codes.set(None);
        stage
            .said
            .set(Some(|locale| td_string!(locale, access.factor_now_on)));
    };
    // The form that led here is gone.
    let intro = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if let Some(intro) = intro.get() {
            drop(intro.focus());
        }
    });
    let list = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <p tabindex="-1" node_ref=intro>{t!(i18n, access.codes_intro)}</p>
        <ul class="codes" aria-label=move || t_string!(i18n, access.codes)>{list}</ul>
        <div class="buttons">
            <CopyButton text/>
            <a class="button" href=file download="docker-watcher-recovery-codes.txt">
                <Icon name="download"/>
                {t!(i18n, access.codes_save)}
            </a>
        </div>
        <label class="check">
            <input type="checkbox" on:change=move |event| kept.set(event_target_checked(&event))/>
            <span>{t!(i18n, access.codes_kept)}</span>
        </label>
        <div>
            <button
                type="button"
                class="button button-main"
                disabled=move || !kept.get()
                on:click=done
            >
                {t!(i18n, access.done)}
            </button>
        </div>
    }
}
