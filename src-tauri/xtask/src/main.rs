//! See the library: everything is there.

fn main() -> std::process::ExitCode {
    xtask::main()
}
