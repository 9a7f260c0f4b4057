//! The figures that ECharts writes, as the rest of the page writes them: by itself it writes English ones,
//! and 1,000 is one in Russian.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::i18n::Locale;
use crate::ui::format::number;

/// What ECharts calls for each figure, for as long as the chart is there.
pub(super) type Writer = Closure<dyn Fn(JsValue) -> JsValue>;

/// One that writes in the language of the moment.
pub(super) fn writer(locale: impl Fn() -> Locale + 'static) -> Writer {
    Closure::new(move |value: JsValue| match value.as_f64() {
        Some(value) => JsValue::from(written(value, locale())),
        // A gap; ECharts asks about those, too.
        None => JsValue::from("–"),
    })
}

/// With all the digits that `value` has: ECharts has rounded it to what the axis needs.
fn written(value: f64, locale: Locale) -> String {
    let text = value.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    number(value, digits, locale)
}

/// Gives `writer` to both value axes and to the tooltip of a parsed option, because JSON has no functions.
///
/// # Errors
/// Where the option lacks one of them.
pub(super) fn give(option: &JsValue, writer: &Writer) -> Result<(), JsValue> {
    let axes = Reflect::get(option, &"yAxis".into())?;
    for axis in Array::from(&axes) {
        let label = Reflect::get(&axis, &"axisLabel".into())?;
        Reflect::set(&label, &"formatter".into(), writer.as_ref())?;
    }
    let tooltip = Reflect::get(option, &"tooltip".into())?;
    Reflect::set(&tooltip, &"valueFormatter".into(), writer.as_ref())?;
    Ok(())
}
