//! One input with its label, its hint and its error, which readers hear together.

use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A labelled `<input>`; `error` is shown while it is something, and takes the focus there.
#[component]
pub fn FormField(
    /// The input's name in the form, and its id on the page.
    name: &'static str,
    /// Its id where another form of the page has an input of this name.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(into)] label: TextProp,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    /// Which keys a phone shows.
    #[prop(optional)]
    keys: Option<&'static str>,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] min_length: Option<u32>,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// Both ends of what a number may be.
    #[prop(optional)]
    between: Option<(i64, i64)>,
    /// It may be left empty.
    #[prop(optional)]
    may_be_empty: bool,
    #[prop(optional)] autofocus: bool,
    /// It takes the focus when it comes into a page that is there already.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
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
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let is_wrong = error.read().is_some();
        if let Some(input) = input.get()
            && (is_wrong || focus)
        {
            // Only a page that is going away refuses.
            drop(input.focus());
        }
    });
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                inputmode=keys
                value=value
                min=between.map(|(least, _)| least)
                max=between.map(|(_, most)| most)
                required=!may_be_empty
                autofocus=autofocus
                minlength=min_length
                aria-describedby=described_by
                aria-invalid=invalid
                node_ref=input
            />
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
            <p class="field-error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </p>
        </div>
    }
}
