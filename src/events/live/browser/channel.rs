//! What the tabs of a browser share: a channel to talk over, and a place for the lease.
//!
//! Locks would be simpler, but a page without TLS has none, and many of ours are such.

use js_sys::Array;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent, Storage};

use crate::events::live::rules::lease::Lease;
use crate::events::live::rules::word::Word;

/// Tabs of another version, from before an update of the server, keep to themselves: they would not
/// know all the words.
const NAME: &str = concat!("docker-watcher-live-", env!("CARGO_PKG_VERSION"));

/// An open channel; dropping it closes it.
pub struct Channel {
    channel: BroadcastChannel,
    _hear: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Calls `hear` with who says what. `None` where the browser has no channels.
    pub fn open(hear: impl Fn(String, Word) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data().dyn_into::<Array>().ok();
            let mut said = said.into_iter().flat_map(|said| said.to_vec());
            let from = said.next().and_then(|from| from.as_string());
            let word = Word::read(said.filter_map(|part| part.as_string()).collect());
            if let (Some(from), Some(word)) = (from, word) {
                hear(from, word);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _hear: hear,
        })
    }

    pub fn say(&self, from: &str, word: &Word) {
        let said: Array = std::iter::once(JsValue::from_str(from))
            .chain(word.parts().iter().map(|part| JsValue::from_str(part)))
            .collect();
        if let Err(refused) = self.channel.post_message(&said) {
            leptos::logging::warn!("the other tabs do not hear: {refused:?}");
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The lease as it is now; none also where nothing can be kept.
pub fn lease() -> Option<Lease> {
    let text = storage()?.get_item(NAME).ok().flatten()?;
    Lease::read(&text)
}

/// False where nothing can be kept.
pub fn keep(lease: &Lease) -> bool {
    storage().is_some_and(|storage| storage.set_item(NAME, &lease.text()).is_ok())
}

pub fn clear() {
    if let Some(Err(refused)) = storage().map(|storage| storage.remove_item(NAME)) {
        leptos::logging::warn!("the lease stays until it is old: {refused:?}");
    }
}
