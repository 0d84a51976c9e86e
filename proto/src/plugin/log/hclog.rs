//! One log line as hclog writes it, which is what the host parses. Source: go-plugin `log_entry.go` and `client.go`,
//! checked against Terraform 1.11.4. It must not know which events are worth a line.
//!
//! What is easy to get wrong: the host crashes when `@message` or `@level` is not a string; it shows the raw JSON when
//! `@timestamp` has not exactly six fractional digits; it chops lines of 64 KiB and more.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::Write;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::metadata::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::level::Filter;
use super::redact::redact_field;

/// Longest line, in bytes. The host's limit is 64 KiB.
const MAX_LINE: usize = 60 << 10;

/// Longest text of one field, in bytes of JSON.
const MAX_TEXT: usize = 16 << 10;

/// How much of a text is looked at for secrets before it is cut to [`MAX_TEXT`]; a response body can be megabytes.
const MAX_RAW_TEXT: usize = 4 * MAX_TEXT;

/// Writes what passes `filter` to `writer`, one write per line.
pub(super) struct HclogLayer<W> {
    filter: Filter,
    writer: W,
}

impl<W> HclogLayer<W> {
    /// `writer` gives the destination of one line.
    pub(super) fn new(filter: Filter, writer: W) -> Self {
        Self { filter, writer }
    }

    fn line(&self, metadata: &Metadata<'_>, fields: Map<String, Value>) -> Vec<u8> {
        let head = [
            ("@level", level_name(*metadata.level()).to_owned()),
            ("@message", message(&fields)),
            ("@module", self.filter.module_name(metadata.target())),
            ("@timestamp", timestamp(OffsetDateTime::now_utc())),
        ];
        let mut line: Map<_, _> = head
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect();
        add_fitting(&mut line, fields);
        let mut line = serde_json::to_vec(&line).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

impl<S, W, D> Layer<S> for HclogLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn() -> D + 'static,
    D: Write,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.filter.passes(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        self.filter.passes(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        // Own spans pass at any level, up to the level they are usually declared with.
        Some(self.filter.level().max(LevelFilter::INFO))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            if let Some(outer) = span.extensions().get::<Fields>() {
                // A span has no message; a field of that name must not become the event's.
                let named = outer.0.iter().filter(|(key, _)| *key != MESSAGE);
                fields
                    .0
                    .extend(named.map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        event.record(&mut fields);
        let line = self.line(event.metadata(), fields.0);
        // A log that cannot be written cannot be complained about either.
        let _ = (self.writer)().write_all(&line);
    }
}

/// Adds fields for as long as the line stays short enough, the short ones first: a response body must not drive the
/// name of the request out.
fn add_fitting(line: &mut Map<String, Value>, fields: Map<String, Value>) {
    let mut room = MAX_LINE.saturating_sub(encoded_length(line));
    let mut fields: Vec<_> = fields
        .into_iter()
        .filter(|(key, _)| key != MESSAGE)
        .map(|(key, value)| {
            (
                encoded_length(&key) + encoded_length(&value) + ":,".len(),
                key,
                value,
            )
        })
        .collect();
    fields.sort_by_key(|(length, ..)| *length);
    for (length, key, value) in fields {
        if length <= room {
            room -= length;
            // A field called @level would replace what the host relies on.
            line.insert(key.trim_start_matches('@').to_owned(), value);
        }
    }
}

/// tracing's name for the text of an event.
const MESSAGE: &str = "message";

fn message(fields: &Map<String, Value>) -> String {
    match fields.get(MESSAGE) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

fn timestamp(now: OffsetDateTime) -> String {
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, micro) = now.time().as_hms_micro();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z")
}

fn encoded_length(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |text| text.len())
}

/// The fields of a span or an event, clean: whatever is in here may be written.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn text(&mut self, field: &Field, text: &str) {
        let text = redact_field(field.name(), prefix(text, MAX_RAW_TEXT));
        self.0
            .insert(field.name().to_owned(), shortened(text).into());
    }

    /// Numbers and truth values: nothing to hide unless the name says so.
    fn plain(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        let value = match redact_field(field.name(), "") {
            clean if clean.is_empty() => value,
            hidden => hidden.into(),
        };
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = Bounded::default();
        // Fails when the text is longer than we look at; what is there will do.
        let _ = write!(text, "{value:?}");
        self.text(field, &text.0);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(error) = source {
            let _ = write!(text, ": {error}");
            source = error.source();
        }
        self.text(field, &text);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.plain(field, value);
    }
}

/// A text that stops growing at [`MAX_RAW_TEXT`].
#[derive(Default)]
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let fitting = prefix(text, MAX_RAW_TEXT.saturating_sub(self.0.len()));
        self.0.push_str(fitting);
        if fitting.len() == text.len() {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

/// Whole characters of `text`, at most `limit` bytes.
fn prefix(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

fn shortened(mut text: String) -> String {
    if encoded_length(&text) <= MAX_TEXT {
        return text;
    }
    text.truncate(text.floor_char_boundary(MAX_TEXT));
    // Control characters take six bytes each.
    while encoded_length(&text) > MAX_TEXT {
        text.truncate(text.floor_char_boundary(text.len() / 2));
    }
    text.push_str("… (cut)");
    text
}
