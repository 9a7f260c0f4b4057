//! One input with its label, its hint and its error, which readers hear together.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A labelled `<input>`; `error` is shown while it is something.
#[component]
pub fn FormField(
    /// The input's name in the form, and its id on the page.
    name: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] min_length: Option<u32>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = {
        let hint_id = hint.is_some().then(|| hint_id.clone());
        let error_id = error_id.clone();
        move || {
            let error_id = error.read().is_some().then(|| error_id.clone());
            let ids: Vec<String> = error_id.into_iter().chain(hint_id.clone()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = move || error.read().is_some().then_some("true");
    view! {
        <div class="field">
            <label for=name>{move || label.get()}</label>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                autofocus=autofocus
                minlength=min_length
                aria-describedby=described_by
                aria-invalid=invalid
            />
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
            <p class="field-error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </p>
        </div>
    }
}
