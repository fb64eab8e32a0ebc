//! Writes the TypeScript types into `ui/src/bindings/`; `cargo xtask bindings` runs it.

fn main() -> Result<(), ts_rs::ExportError> {
    tiebreak_commands::bindings::write(&tiebreak_commands::bindings::committed())
}
