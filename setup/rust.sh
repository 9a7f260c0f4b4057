#!/usr/bin/env bash
# A Rust that compiles for the machine and for the browser. Rustup's is taken where it is; where
# there is none, or its servers do not answer, Debian's compiler builds the browser's std itself.
. "$(dirname "$0")/lib.sh"
wanted=94 # sqlx and icu need this minor version of Rust 1, or a later one
target=wasm32-unknown-unknown

minor() { rustc --version 2>/dev/null | sed -E 's/^rustc 1\.([0-9]+).*/\1/'; }
new_enough() { have cargo && have rustc && [ "$(minor)" -ge "$wanted" ] 2>/dev/null; }
std_present() { compgen -G "$(rustc --print sysroot)/lib/rustlib/$target/lib/libstd-*.rlib" >/dev/null; }

# Debian's own programs come first, for the whole build, by links: nothing else of /usr/bin does.
prefer_debian() {
  mkdir -p "$CACHE/debian-rust"
  for program in cargo rustc rustdoc rustfmt cargo-fmt clippy-driver cargo-clippy; do
    ln -sf "/usr/bin/$program" "$CACHE/debian-rust/$program"
  done
  cat >"$CACHE/rust.env" <<EOF
PATH=$CACHE/debian-rust:\$PATH
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 # rust-lld is not in Debian's packages
EOF
  . "$CACHE/rust.env"
  hash -r
}

debian_route() {
  "$ROOT/setup/packages.sh" rustc-web cargo-web rust-web-clippy rustfmt-web rust-web-src lld-19 gcc libc6-dev || advise
  prefer_debian
  std_present || build_std
}

# `embed-bitcode`, because the build for the browser is one with link-time optimisation.
build_std() {
  local work
  work=$(mktemp -d)
  cargo init --quiet --lib --vcs none --name empty "$work"
  say "std for $target" "building with Debian's compiler, about a minute"
  (cd "$work" && CARGO_TARGET_DIR=$work/out RUSTFLAGS=-Cembed-bitcode=yes RUSTC_BOOTSTRAP=1 quietly std \
    cargo build --release -Zbuild-std=std,panic_abort,proc_macro,test --target "$target")
  local lib
  lib=$(rustc --print sysroot)/lib/rustlib/$target/lib
  mkdir -p "$lib"
  find "$work/out/$target/release/deps" -name '*.rlib' ! -name 'libempty-*' -exec cp {} "$lib/" \;
  rm -rf "$work" "$TARGET/front"
  std_present
}

advise() {
  explain "Rust 1.$wanted or later for $target is missing (found: $(rustc --version 2>/dev/null || echo none))." \
    "Install it as https://rustup.rs says, or 'rustup update', and run make again."
  exit 1
}

have cc || "$ROOT/setup/packages.sh" gcc libc6-dev

if ! new_enough; then
  if debian && root; then
    say "Rust 1.$wanted or later" "$(rustc --version 2>/dev/null || echo none) is here, taking Debian's"
    debian_route
  else
    advise
  fi
elif std_present; then
  say "$(rustc --version | cut -d' ' -f1,2) with $target" present
elif have rustup && [ ! -e "$CACHE/rust.env" ]; then
  say "$target" "adding with rustup"
  if ! timeout 300 rustup target add "$target" >"$CACHE/rustup.log" 2>&1; then
    say "rustup's servers" "no answer, falling back on Debian's compiler"
    debian_route
  fi
else
  debian_route
fi

new_enough && std_present || { explain "no Rust that compiles for $target" "see $CACHE/rustup.log"; exit 1; }
