//! ECharts in the browser: made once for each chart, updated, resized with its place, recoloured with
//! the theme, and disposed of with its component.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MediaQueryList, ResizeObserver};

use super::figures::{self, Writer};
use super::option::{Inks, option};
use super::{Plot, script};
use crate::i18n::*;

/// A server that is away while its page is loaded may be back then.
const RETRY: Duration = Duration::from_secs(5);

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type ECharts;
    #[wasm_bindgen(js_namespace = echarts)]
    fn init(place: &Element) -> ECharts;
    #[wasm_bindgen(method, js_name = setOption)]
    fn set_option(this: &ECharts, option: &JsValue);
    #[wasm_bindgen(method)]
    fn resize(this: &ECharts);
    #[wasm_bindgen(method)]
    fn dispose(this: &ECharts);

    type MutationObserver;
    #[wasm_bindgen(constructor)]
    fn new(tell: &js_sys::Function) -> MutationObserver;
    #[wasm_bindgen(method)]
    fn observe(this: &MutationObserver, target: &Element, what: &JsValue);
    #[wasm_bindgen(method)]
    fn disconnect(this: &MutationObserver);
}

/// Draws `plot` into `canvas` as soon as ECharts is there, and again whenever it or the theme changes.
pub(super) fn draw(canvas: NodeRef<Div>, plot: Signal<Plot>) {
    let i18n = use_i18n();
    let drawing = StoredValue::new_local(None::<Drawing>);
    let (repaint, retry) = (Trigger::new(), Trigger::new());
    Effect::new(move |_| {
        retry.track();
        let Some(place) = canvas.get() else { return };
        leptos::task::spawn_local(async move {
            match script::load().await {
                // Nothing is left to draw on where the person has gone on meanwhile.
                _ if drawing.is_disposed() => {}
                Ok(()) => {
                    let writer = figures::writer(move || i18n.get_locale_untracked());
                    let made = Drawing::new(place.unchecked_into(), writer, repaint);
                    drawing.set_value(Some(made));
                    repaint.notify();
                }
                Err(error) => {
                    leptos::logging::warn!("charts could not be loaded yet: {error:?}");
                    set_timeout(move || retry.notify(), RETRY);
                }
            }
        });
    });
    Effect::new(move |_| {
        repaint.track();
        plot.with(|plot| {
            drawing.with_value(|drawing| drawing.iter().for_each(|drawing| drawing.paint(plot)));
        });
    });
}

/// One chart on the page, and what keeps it in step with its surroundings.
struct Drawing {
    chart: ECharts,
    place: Element,
    size: ResizeObserver,
    theme: MutationObserver,
    system_theme: Option<MediaQueryList>,
    writer: Writer,
    _resize: Closure<dyn Fn()>,
    _recolour: Closure<dyn Fn()>,
}

impl Drawing {
    fn new(place: Element, writer: Writer, repaint: Trigger) -> Self {
        let chart = init(&place);
        let resized = chart.clone();
        let resize = Closure::<dyn Fn()>::new(move || resized.resize());
        let recolour = Closure::<dyn Fn()>::new(move || repaint.notify());
        let theme = MutationObserver::new(recolour.as_ref().unchecked_ref());
        if let Some(root) = document().document_element() {
            theme.observe(&root, &theme_attribute());
        }
        let system_theme = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        if let Some(query) = &system_theme {
            query.set_onchange(Some(recolour.as_ref().unchecked_ref()));
        }
        let size = watch_size(&place, &resize);
        Self {
            chart,
            place,
            size,
            theme,
            system_theme,
            writer,
            _resize: resize,
            _recolour: recolour,
        }
    }

    fn paint(&self, plot: &Plot) {
        let option = js_sys::JSON::parse(&option(plot, &self.inks()));
        match option.and_then(|option| figures::give(&option, &self.writer).map(|()| option)) {
            Ok(option) => self.chart.set_option(&option),
            Err(error) => leptos::logging::error!("ECharts' option is not as expected: {error:?}"),
        }
    }

    fn inks(&self) -> Inks {
        Inks {
            left: self.ink("left"),
            right: self.ink("right"),
            text: self.ink("text"),
            line: self.ink("line"),
            surface: self.ink("surface"),
        }
    }

    /// The colour that the theme gives to one of the empty spans beside the canvas.
    fn ink(&self, name: &str) -> String {
        self.place
            .parent_element()
            .and_then(|chart| {
                chart
                    .query_selector(&format!("[data-ink={name}]"))
                    .ok()
                    .flatten()
            })
            .and_then(|span| window().get_computed_style(&span).ok().flatten())
            .and_then(|style| style.get_property_value("color").ok())
            .unwrap_or_default()
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.size.disconnect();
        self.theme.disconnect();
        if let Some(query) = &self.system_theme {
            query.set_onchange(None);
        }
        self.chart.dispose();
    }
}

fn watch_size(place: &Element, resize: &Closure<dyn Fn()>) -> ResizeObserver {
    // The constructor fails only for something that is no function.
    let observer = ResizeObserver::new(resize.as_ref().unchecked_ref())
        .unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into());
    observer.observe(place);
    observer
}

/// `{attributes: true, attributeFilter: ["data-theme"]}`
fn theme_attribute() -> JsValue {
    let json = r#"{"attributes":true,"attributeFilter":["data-theme"]}"#;
    js_sys::JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}
