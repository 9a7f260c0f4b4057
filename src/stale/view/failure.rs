//! Why the last try failed: in the reader's language, and in the engine's own words where those say more.

use leptos::prelude::*;

use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::ui::icon::Icon;
use crate::ui::notice::in_a_line;

/// Heard as it comes; nothing while nothing failed.
#[component]
pub(super) fn Failure(#[prop(into)] error: Signal<Option<AppError>>) -> impl IntoView {
    let shown = move || error.get().map(|error| view! { <Why error/> });
    view! { <div role="alert">{shown}</div> }
}

/// The same, where something else says that it is there.
#[component]
pub(super) fn Why(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    let detail = has_detail(error.code).then(|| error.message.clone());
    view! {
        <div class="notice">
            <Icon name="circle-alert"/>
            <div>
                <p>{move || in_a_line(&error, i18n.get_locale())}</p>
                {detail.map(|words| view! { <p class="detail" lang="en">{words}</p> })}
            </div>
        </div>
    }
}

fn has_detail(code: Code) -> bool {
    matches!(
        code,
        Code::Malformed | Code::Invalid | Code::Conflict | Code::EngineUnreachable
    )
}
